//! The one way replace mode writes an amount.

use std::fmt::Write;

use tamis_core::{Amount, AmountKind, Decimal, Rule};

use crate::rules::{BOUNDS, CANONICAL_MONEY, CANONICAL_NUMBER, CANONICAL_PERCENT, CANONICAL_QUANTITY, LIST};
use crate::template::fill;

/// The template of the canonical form, unless the options say otherwise.
pub const CANONICAL_TEMPLATE: &str = "{value} {unit}";

/// Writes the canonical form of an amount into `form`, and returns the rule that asks for it. `template` is the option
/// `form`: [`CANONICAL_TEMPLATE`] or another.
///
/// `None` for what has no exact form: vague amounts, money without a code, percentage points, numbers too long, and
/// ranges of two bounds and lists, whose words stay in the text ("plus de 100 euros et moins de 300", "10, 20 et 30 %").
///
/// ```
/// use tamis_amounts::{CANONICAL_TEMPLATE, Options, canonical, find};
/// let mut amounts = Vec::new();
/// find("de 10 à 15 %, pour 3,5 M€", "fr", &Options::default(), &mut amounts);
/// let mut form = String::new();
/// assert!(canonical(&amounts[0], CANONICAL_TEMPLATE, &mut form).is_some());
/// assert_eq!(form, "10–15 %");
/// canonical(&amounts[1], "<{kind}>{value} {unit}</{kind}>", &mut form);
/// assert_eq!(form, "<money>3500000 EUR</money>");
/// ```
pub fn canonical(amount: &Amount, template: &str, form: &mut String) -> Option<&'static Rule> {
    form.clear();
    if amount.vague || matches!(amount.rule, BOUNDS | LIST) {
        return None;
    }
    let (unit, rule) = match (amount.kind, amount.unit) {
        (AmountKind::Money, _) => (amount.currency.as_ref()?.code(), &CANONICAL_MONEY),
        (AmountKind::Percent, Some("percent")) => ("%", &CANONICAL_PERCENT),
        (AmountKind::Percent, Some("permille")) => ("‰", &CANONICAL_PERCENT),
        (AmountKind::Percent, _) => return None,
        (AmountKind::Quantity, _) => ("", &CANONICAL_QUANTITY),
        (AmountKind::Number, _) => ("", &CANONICAL_NUMBER),
    };
    let mut value = Figures::default();
    match (amount.value, amount.low, amount.high) {
        (Some(number), ..) => value.push(number)?,
        (None, Some(low), Some(high)) => {
            value.push(low)?;
            value.write_char('–').ok()?;
            value.push(high)?;
        }
        _ => return None,
    }
    fill(template, value.as_str(), unit, amount.kind, form);
    Some(rule)
}

/// Two numbers and a dash at most, each a sign, a point, and as many digits as 128 bits and a scale of 255 can have;
/// on the stack, since replace mode writes one for each amount.
struct Figures {
    bytes: [u8; 640],
    len: usize,
}

impl Default for Figures {
    fn default() -> Self {
        Self { bytes: [0; 640], len: 0 }
    }
}

impl Write for Figures {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Figures {
    /// Plain digits. Three decimals get a zero behind: "1.335" reads as 1335 wherever the point groups thousands, and
    /// a canonical form must read the same in every language.
    fn push(&mut self, value: Decimal) -> Option<()> {
        write!(self, "{value}").ok()?;
        if value.scale() == 3 {
            self.write_char('0').ok()?;
        }
        Some(())
    }

    fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}
