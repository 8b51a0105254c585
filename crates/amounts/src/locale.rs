//! How a language is written in a region: separators, and the currency at home there.

use std::sync::LazyLock;

use tamis_core::Currency;

use crate::lexicon::{Lexicon, Sense};
use crate::options::{Billion, DecimalSign, Options};

/// Conventions for figures and bare currency names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Locale {
    pub(crate) lexicon: &'static Lexicon,
    /// `,` or `.`.
    pub(crate) decimal: u8,
    /// The region's own currency, where the tag names a region.
    pub(crate) own: Option<Currency>,
    /// The tag names another region than that the bare language is at home in.
    pub(crate) abroad: bool,
    /// What "billion" means, where the options settle it.
    pub(crate) billion: Option<Billion>,
}

/// A language, and what holds in its regions.
struct Language {
    code: &'static str,
    decimal: u8,
    regions: Vec<Region>,
}

struct Region {
    code: &'static str,
    decimal: u8,
    own: Option<Currency>,
    /// The region that the bare language stands for: France, Brazil, the United States.
    home: bool,
}

/// Rows of CLDR: each language is followed by its regions.
static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let mut languages: Vec<Language> = Vec::new();
    for line in include_str!("../data/cldr/locales.txt").lines() {
        let mut fields = line.split(' ');
        let (Some(tag), Some(decimal)) = (fields.next(), fields.next().and_then(|sign| sign.bytes().next()))
        else {
            continue;
        };
        match tag.split_once('-') {
            None => languages.push(Language { code: tag, decimal, regions: Vec::new() }),
            Some((_, code)) => {
                let own = fields.nth(1).and_then(Currency::new);
                let region = Region { code, decimal, own, home: fields.next() == Some("home") };
                if let Some(language) = languages.last_mut() {
                    language.regions.push(region);
                }
            }
        }
    }
    languages
});

impl Locale {
    /// The locale of a tag as the options want it.
    pub(crate) fn with(tag: &str, options: &Options) -> Self {
        let locale = Self::in_region(tag, options.region.as_deref().unwrap_or_default());
        let decimal = match options.decimal {
            Some(DecimalSign::Comma) => b',',
            Some(DecimalSign::Point) => b'.',
            None => locale.decimal,
        };
        Self { decimal, billion: options.billion, ..locale }
    }

    /// The locale of a BCP 47 tag, `und` or unknown ones included. Case does not matter; scripts and variants are
    /// passed over.
    #[cfg(test)]
    pub(crate) fn of(tag: &str) -> Self {
        Self::in_region(tag, "")
    }

    /// Whether some language has conventions of its own in this region.
    pub(crate) fn knows(region: &str) -> bool {
        let is_known = |known: &Region| known.code.eq_ignore_ascii_case(region);
        LANGUAGES.iter().any(|language| language.regions.iter().any(is_known))
    }

    /// What a word means, the options considered.
    #[inline]
    pub(crate) fn meant(&self, sense: Sense) -> Sense {
        match (sense, self.billion) {
            (Sense::Illion(_, usual @ 1..), None) => Sense::Scale(usual),
            (Sense::Illion(nth, 0), None) if self.abroad => Sense::Scale(6 * nth),
            (Sense::Illion(nth, _), None | Some(Billion::Short)) => Sense::Scale(3 * nth + 3),
            (Sense::Illion(nth, _), Some(Billion::Long)) => Sense::Scale(6 * nth),
            _ => sense,
        }
    }

    /// The locale of a tag; where that names no region, in `region`.
    fn in_region(tag: &str, region: &str) -> Self {
        let usual = region;
        let mut parts = tag.split(['-', '_']);
        let primary = parts.next().unwrap_or_default();
        let is_region =
            |part: &&str| part.len() == 2 || part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit());
        let region = parts.find(is_region).unwrap_or(usual);
        let language = LANGUAGES.iter().find(|language| language.code.eq_ignore_ascii_case(primary));
        let regional = language.filter(|_| !region.is_empty()).and_then(|language| {
            language.regions.iter().find(|known| known.code.eq_ignore_ascii_case(region))
        });
        Self {
            lexicon: Lexicon::of(language.map_or("und", |language| language.code)),
            decimal: regional
                .map(|region| region.decimal)
                .or(language.map(|language| language.decimal))
                .unwrap_or(b'.'),
            own: regional.and_then(|region| region.own),
            abroad: regional.is_some_and(|region| !region.home),
            billion: None,
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
