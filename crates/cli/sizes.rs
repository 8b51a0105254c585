//! Sizes as people write and read them.

/// Reads `4096`, `512MiB`, `2G`, `1.5 GB`: binary units with or without their `i`.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    let told = || format!("`{text}` is not a size; write a number of bytes, or for example 512MiB or 2GiB");
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(split).ok_or_else(told)?;
    let number: f64 = number.parse().map_err(|_| told())?;
    let power = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return Err(told()),
    };
    Ok((number * f64::from(1_u32 << (power / 2)) * f64::from(1_u32 << (power / 2))) as u64)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written() {
        assert_eq!(parse("4096"), Ok(4096));
        assert_eq!(parse("512MiB"), Ok(512 << 20));
        assert_eq!(parse("1.5 G"), Ok(3 << 29));
        assert!(parse("many").is_err() && parse("5 parsecs").is_err() && parse("").is_err());
        assert_eq!((bytes(999).as_str(), bytes(7568).as_str()), ("999 B", "7.6 kB"));
        assert_eq!((count(7).as_str(), count(1_234_567).as_str()), ("7", "1 234 567"));
    }
}
