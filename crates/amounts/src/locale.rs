//! How a language is written in a region: separators, and the currency at home there.

use std::sync::LazyLock;

use tamis_core::Currency;

use crate::lexicon::Lexicon;

/// Conventions for figures and bare currency names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Locale {
    pub(crate) lexicon: &'static Lexicon,
    /// `,` or `.`.
    pub(crate) decimal: u8,
    /// The region's own currency, where the tag names a region.
    pub(crate) own: Option<Currency>,
}

struct Row {
    language: &'static str,
    /// Empty for the bare language.
    region: &'static str,
    decimal: u8,
    own: Option<Currency>,
}

/// Rows of CLDR, bare languages and the regions that differ from them.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let data = include_str!("../data/cldr/locales.txt");
    data.lines()
        .filter_map(|line| {
            let mut fields = line.split(' ');
            let tag = fields.next()?;
            let (language, region) = tag.split_once('-').unwrap_or((tag, ""));
            let decimal = fields.next()?.bytes().next()?;
            Some(Row { language, region, decimal, own: Currency::new(fields.nth(1)?) })
        })
        .collect()
});

impl Locale {
    /// The locale of a BCP 47 tag, `und` or unknown ones included. Case does not matter; scripts and variants are
    /// passed over.
    pub(crate) fn of(tag: &str) -> Self {
        let mut parts = tag.split(['-', '_']);
        let primary = parts.next().unwrap_or_default();
        let is_region =
            |part: &&str| part.len() == 2 || part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit());
        let region = parts.find(is_region).unwrap_or_default();
        let row = |region: &str| {
            ROWS.iter().find(|row| {
                row.region.eq_ignore_ascii_case(region) && row.language.eq_ignore_ascii_case(primary)
            })
        };
        let bare = row("");
        let regional = if region.is_empty() { None } else { row(region) };
        Self {
            lexicon: Lexicon::of(bare.map_or("und", |row| row.language)),
            decimal: regional.or(bare).map_or(b'.', |row| row.decimal),
            own: regional.and_then(|row| row.own),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_override_their_language() {
        for (tag, decimal, own) in [
            ("fr", b',', None),
            ("fr-CA", b',', Some("CAD")),
            ("FR_ca", b',', Some("CAD")),
            ("es-MX", b'.', Some("MXN")),
            ("de-CH", b'.', Some("CHF")),
            ("en-Latn-ZA", b',', Some("ZAR")),
            ("pt-XX", b',', None),
            ("und", b'.', None),
            ("xx-MX", b'.', None),
            ("", b'.', None),
        ] {
            let locale = Locale::of(tag);
            assert_eq!(
                (locale.decimal, locale.own.map(|c| c.to_string())),
                (decimal, own.map(str::to_owned)),
                "{tag}"
            );
        }
    }
}
