//! What a pipeline file may say about amounts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tamis_core::{AmountKind, Currency};

use crate::canonical::CANONICAL_TEMPLATE;
use crate::locale::Locale;
use crate::template;

/// Options of `normalise-amounts`.
///
/// ```
/// use tamis_amounts::{Mode, Options};
/// let options = Options::default();
/// assert_eq!(options.mode, Mode::Annotate);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Options {
    /// `annotate` leaves the text as it is and notes what stands in it; `replace` writes the canonical form.
    pub mode: Mode,
    /// How `replace` writes an amount: text with `{value}` once, `{unit}` (`EUR`, `%`, nothing for quantities) and
    /// `{kind}` (`money`, `percent`, …). What it makes must read as the same amount again, or it is refused.
    pub form: String,
    /// What to look for: `money`, `percent`, `quantity` (a number with a scale word), `number` (every other number).
    pub kinds: Vec<Kind>,
    /// The currency a bare "$" or "dollar" means; default: the region's own dollar, else USD.
    pub dollar: Option<Code>,
    /// The currency a bare "franc" means; default: the region's own franc, FRF in French, else none.
    pub franc: Option<Code>,
    /// The currency a bare "£", "pound" or "livre" means; default: the region's own pound, else GBP.
    pub pound: Option<Code>,
    /// The currency a bare "peso" means; default: the region's own peso, else none.
    pub peso: Option<Code>,
    /// The currency a bare "crown", "couronne" or "kr" means; default: the region's own, else none.
    pub crown: Option<Code>,
    /// The currency a bare "rupee" or "roupie" means; default: the region's own, else none.
    pub rupee: Option<Code>,
    /// The currency a bare "¥" means; default JPY.
    pub yen: Option<Code>,
    /// The currency a bare "dinar" means; default: the region's own, else none.
    pub dinar: Option<Code>,
    /// The currency a bare "rial" or "riyal" means; default: the region's own, else none.
    pub rial: Option<Code>,
    /// The currency a bare "lira" means; default: the region's own, else ITL in Italian, else none.
    pub lira: Option<Code>,
    /// The currency a bare "mark" means; default DEM.
    pub mark: Option<Code>,
    /// The currency a bare "shilling" means; default: the region's own, else none.
    pub shilling: Option<Code>,
    /// The currency a bare "dirham" means; default: the region's own, else none.
    pub dirham: Option<Code>,
    /// The currency a bare "leu" or "lei" means; default: the region's own, else none.
    pub leu: Option<Code>,
    /// The region whose conventions and currencies hold where the language names none: with `CH` French is read as in
    /// Switzerland, "300 francs" are CHF. An ISO 3166 code of two capitals, or a UN M49 code of three digits.
    pub region: Option<String>,
    /// What the words "billion", "trillion", … mean: 10^9, 10^12 (`short`) or 10^12, 10^18 (`long`); default: by language,
    /// `short` in English and for the Brazilian "bilhão", else `long`.
    pub billion: Option<Billion>,
    /// The sign before decimals where figures leave it open ("1,335"): `comma` or `point`; default: by language and
    /// region.
    pub decimal: Option<DecimalSign>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: Mode::Annotate,
            form: CANONICAL_TEMPLATE.to_owned(),
            kinds: vec![Kind::Money, Kind::Percent, Kind::Quantity],
            dollar: None,
            franc: None,
            pound: None,
            peso: None,
            crown: None,
            rupee: None,
            yen: None,
            dinar: None,
            rial: None,
            lira: None,
            mark: None,
            shilling: None,
            dirham: None,
            leu: None,
            region: None,
            billion: None,
            decimal: None,
        }
    }
}

/// Which scale words for large numbers follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Billion {
    /// A new word every 10^3: a billion is 10^9.
    Short,
    /// A new word every 10^6: a billion is 10^12.
    Long,
}

/// What stands before decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DecimalSign {
    /// `1,5`
    Comma,
    /// `1.5`
    Point,
}

/// What to do with an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Note it; the text stays.
    Annotate,
    /// Write "109000000000 EUR" in its place, and note it.
    Replace,
}

/// A kind of amount to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Sums in a currency.
    Money,
    /// Percentages and percentage points.
    Percent,
    /// Numbers with a scale word: "1,2 milliard d'habitants".
    Quantity,
    /// All other numbers.
    Number,
}

impl From<Kind> for AmountKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Money => Self::Money,
            Kind::Percent => Self::Percent,
            Kind::Quantity => Self::Quantity,
            Kind::Number => Self::Number,
        }
    }
}

/// An ISO 4217 code in a pipeline file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Code(pub Currency);

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        Currency::new(&code)
            .map(Self)
            .ok_or_else(|| format!("`{code}` is no currency code: three capital letters such as `CAD` are"))
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0.code().to_owned()
    }
}

impl Options {
    /// What is wrong with them, each message naming its option in backticks; empty for options that can run.
    pub fn problems(&self) -> Vec<String> {
        let nothing =
            self.kinds.is_empty().then(|| "`kinds` is empty: nothing would be looked for".to_owned());
        let region = self.region.as_deref().filter(|region| !Locale::knows(region)).map(|region| {
            format!("`region` is `{region}`, where no language that is read has conventions of its own")
        });
        nothing.into_iter().chain(region).chain(template::problems(self)).collect()
    }

    /// Whether this kind is looked for.
    pub(crate) fn wants(&self, kind: AmountKind) -> bool {
        self.kinds.iter().any(|wanted| AmountKind::from(*wanted) == kind)
    }

    /// The code the options settle for a family of currencies.
    pub(crate) fn settled(&self, family: &str) -> Option<Currency> {
        let code = match family {
            "dollar" | "dollar-sign" => self.dollar,
            "franc" => self.franc,
            "pound" => self.pound,
            "peso" => self.peso,
            "crown" => self.crown,
            "rupee" => self.rupee,
            "yen" => self.yen,
            "dinar" => self.dinar,
            "rial" => self.rial,
            "lira" => self.lira,
            "mark" => self.mark,
            "shilling" => self.shilling,
            "dirham" => self.dirham,
            "leu" => self.leu,
            _ => None,
        };
        code.map(|Code(currency)| currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find::find;

    fn first_code(text: &str, lang: &str, options: &str) -> Option<String> {
        let mut amounts = Vec::new();
        find(text, lang, &toml::from_str(options).unwrap(), &mut amounts);
        amounts.first()?.currency.map(|code| code.to_string())
    }

    #[test]
    fn an_option_settles_what_a_bare_name_means() {
        for (text, lang, options, code) in [
            ("20 dollars", "fr", "", Some("USD")),
            ("20 dollars", "fr-CA", "", Some("CAD")),
            ("20 dollars", "fr-CA", "dollar = 'AUD'", Some("AUD")),
            ("$20", "en", "dollar = 'CAD'", Some("CAD")),
            ("20 dollars australiens", "fr", "dollar = 'CAD'", Some("AUD")),
            ("20 francs", "fr", "franc = 'CHF'", Some("CHF")),
            ("20 couronnes", "fr", "", None),
            ("20 couronnes", "fr", "crown = 'CZK'", Some("CZK")),
            ("20 euros", "fr", "kinds = ['percent']", None),
        ] {
            assert_eq!(first_code(text, lang, options).as_deref(), code, "{text} [{lang}] {options}");
        }
    }

    #[test]
    fn options_that_cannot_run_are_told() {
        for (options, problems) in [
            ("", &[][..]),
            ("mode = 'replace'\nform = '[{value} {unit}]'", &[]),
            ("kinds = []", &["`kinds` is empty"]),
            ("region = 'CH'", &[]),
            ("region = 'FR'", &[]),
            ("region = 'UK'", &["`region` is `UK`"]),
            ("region = ''", &["`region` is ``"]),
            ("form = '{amount}'", &["`form` has `{amount}`"]),
            ("kinds = []\nform = '{'", &["`kinds` is empty", "`form` has `{`"]),
        ] {
            let told = toml::from_str::<Options>(options).unwrap().problems();
            let held = |(told, wanted): (&String, &&str)| told.starts_with(wanted);
            assert!(
                told.len() == problems.len() && told.iter().zip(problems).all(held),
                "{options}: {told:?}"
            );
        }
    }

    #[test]
    fn mistakes_are_refused_with_a_reason() {
        for (options, reason) in [
            ("currency = 'CAD'", "unknown field"),
            ("dollar = 'cad'", "three capital letters"),
            ("mode = 'rewrite'", "unknown variant"),
            ("billion = 12", "billion"),
            ("decimal = ','", "unknown variant"),
            ("kinds = ['moneys']", "unknown variant"),
        ] {
            let error = toml::from_str::<Options>(options).unwrap_err().to_string();
            assert!(error.contains(reason), "{options}: {error}");
        }
    }
}
