//! Rules: why something is gone.

use tamis_span::RuleIndex;

/// One reason for a change or a drop. Declared once, as a `static`, next to the code that applies it.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The area and what the thing is: `chrome/comment-form`. Unique in a plan's stage.
    pub id: &'static str,
    /// Why it goes, as a lower-case sentence without its full stop: "a comment form is not part of the article".
    pub reason: &'static str,
    /// The version of tamis that brought it.
    pub since: &'static str,
    /// An example text, as the stage meets it.
    pub before: &'static str,
    /// The example after the stage; for a rule that drops documents, empty.
    pub after: &'static str,
}

/// A stage's rules and where they start in the plan's table.
#[derive(Clone, Copy, Debug)]
pub struct StageRules {
    pub(crate) base: u16,
    pub(crate) rules: &'static [&'static Rule],
}

impl StageRules {
    /// The rules of a stage that stands alone.
    pub const fn alone(rules: &'static [&'static Rule]) -> Self {
        Self { base: 0, rules }
    }

    /// The plan's index of `rule`; `None` when the stage does not declare it.
    ///
    /// Rules are statics: comparing addresses costs a few nanoseconds for the dozens of rules a stage has, where a
    /// map of ids would cost a hash of the string.
    pub fn index(&self, rule: &'static Rule) -> Option<RuleIndex> {
        let place = self.rules.iter().position(|declared| std::ptr::eq(*declared, rule))?;
        Some(RuleIndex::new(self.base + place as u16))
    }
}
