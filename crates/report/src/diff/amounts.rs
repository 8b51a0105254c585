//! Amounts of a document in two runs: what is read otherwise, wherever it stands.

use tamis_io::RecordAmount;

use crate::shown::excerpt;
use crate::words::hunks;

/// So many amounts of a document are told.
const TOLD: usize = 3;

/// Everything of an amount but its place, as one string: whatever a record tells of amounts is compared.
fn reading(amount: &RecordAmount) -> String {
    format!("{:?}", RecordAmount { start: 0, end: 0, ..amount.clone() })
}

/// Amounts that one side alone has, in order; `true` for those after.
pub(super) fn compare<'a>(
    before: &'a [RecordAmount],
    after: &'a [RecordAmount],
) -> Vec<(&'a RecordAmount, bool)> {
    let mut all = Vec::new();
    // Nearly always nothing differs.
    if before == after {
        return all;
    }
    for (gone, new) in hunks(before.iter().map(reading), after.iter().map(reading)) {
        all.extend(before.get(gone).unwrap_or_default().iter().map(|amount| (amount, false)));
        all.extend(after.get(new).unwrap_or_default().iter().map(|amount| (amount, true)));
    }
    all
}

/// The kind, for money with its currency.
pub(super) fn kind(amount: &RecordAmount) -> String {
    match &amount.currency {
        Some(currency) => format!("{} {currency}", amount.kind),
        None => amount.kind.clone(),
    }
}

/// The first of them in a few words.
pub(super) fn told(amounts: &[(&RecordAmount, bool)]) -> String {
    let one = |(amount, is_new): &(&RecordAmount, bool)| {
        let sign = if *is_new { '+' } else { '−' };
        let range = match (&amount.low, &amount.high) {
            (Some(low), Some(high)) => Some(format!("{low}…{high}")),
            (low, high) => low.clone().or_else(|| high.clone()),
        };
        let value = amount.value.clone().or(range).unwrap_or_else(|| "vague".to_owned());
        let unit = amount.currency.as_deref().or(amount.unit.as_deref()).unwrap_or_default();
        let modifier = amount.modifier.as_deref().map(|word| format!(" {word}")).unwrap_or_default();
        let told = format!("{sign}“{}” = {value} {unit}", excerpt(&amount.text, 40));
        format!("{}{modifier}", told.trim_end())
    };
    let mut words: Vec<String> = amounts.iter().take(TOLD).map(one).collect();
    if amounts.len() > TOLD {
        words.push(format!("and {} more", amounts.len() - TOLD));
    }
    words.join(", ")
}
