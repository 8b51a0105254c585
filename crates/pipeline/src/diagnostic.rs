//! One thing wrong with a pipeline file.

use std::ops::Range;

/// A mistake and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, as a lower-case sentence without its full stop.
    pub message: String,
    /// The bytes of the file it is about.
    pub span: Range<usize>,
    /// What would be right, where that is known.
    pub help: Option<String>,
}

impl Diagnostic {
    pub(crate) fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), span, help: None }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// "did you mean `threshold`?", when one of `known` is close to `word`.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let best = known
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .min_by_key(|(distance, _)| *distance);
    let (distance, candidate) = best?;
    let reach = (word.len().max(candidate.len()) / 3).max(1);
    let starts_alike = word.len() >= 3 && candidate.contains(word);
    (distance <= reach || starts_alike).then(|| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_told() {
        let known = ["similarity", "containment", "strip-chrome"];
        let told = |word| did_you_mean(word, known.into_iter());
        assert_eq!(told("similarty").as_deref(), Some("did you mean `similarity`?"));
        assert_eq!(told("chrome").as_deref(), Some("did you mean `strip-chrome`?"));
        assert_eq!(told("colour"), None);
    }
}
