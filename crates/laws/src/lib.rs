//! Property-test strategies and the laws every tamis stage obeys.
