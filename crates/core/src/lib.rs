//! Documents, stages, rules, verdicts and the editor: what every tamis stage is written against.
