//! Sizes, counts and times as people read them.

use std::time::Duration;

/// Writes a number of bytes for people: `7.4 kB`, `1.2 MB`.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = count as f64;
    let mut unit = "B";
    for next in UNITS.into_iter().skip(1) {
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    if unit == "B" { format!("{count} B") } else { format!("{value:.1} {unit}") }
}

/// Writes a count with thin groups of three: `12 345`.
pub(crate) fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// Writes a time for people: `12 ms`, `8.0 s`, `2:05`, `1:02:05`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    let (minutes, seconds) = (whole / 60, whole % 60);
    match whole {
        0 => format!("{} ms", time.as_millis()),
        1..60 => format!("{:.1} s", time.as_secs_f64()),
        60..3600 => format!("{minutes}:{seconds:02}"),
        _ => format!("{}:{:02}:{seconds:02}", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_counts_are_read_at_a_glance() {
        assert_eq!((bytes(999).as_str(), bytes(7568).as_str()), ("999 B", "7.6 kB"));
        assert_eq!((count(7).as_str(), count(1_234_567).as_str()), ("7", "1 234 567"));
        let told = [0.012, 8.04, 125.0, 3725.9].map(|time| seconds(Duration::from_secs_f64(time)));
        assert_eq!(told, ["12 ms", "8.0 s", "2:05", "1:02:05"]);
    }
}
