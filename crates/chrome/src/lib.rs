//! Strip web chrome: menus, teasers, forms, notices and markup around an article.
//!
//! Two halves share one result, a list of edits on the source ([`Stripped`]). [`strip_html`] takes a page, [`strip_text`]
//! a text that somebody scraped with its menus and footers, without its tags. [`looks_like_html`] tells which it is when
//! nobody says. [`StripChrome`] is the stage `strip-chrome` around them.
//!
//! Every edit names its [`Rule`]; [`RULES`] lists them all. What no edit touches is in the text as it was in the source.
//!
//! ```
//! use tamis_chrome::{Options, Scratch, strip_html};
//!
//! let page = "<html><head><title>Harbour budget voted</title></head><body>\
//!     <nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>\
//!     <h1>Harbour budget voted</h1>\
//!     <p>The council met on Monday, late in the evening,\n and it voted the budget of the harbour.</p>\
//!     <div class='share-bar'>Share</div><footer>Legal notice</footer></body></html>";
//! let stripped = strip_html(page, &Options::default(), &mut Scratch::default());
//!
//! let text = stripped.apply(page);
//! assert_eq!(text, "The council met on Monday, late in the evening, and it voted the budget of the harbour.");
//! assert_eq!(stripped.title.as_deref(), Some("Harbour budget voted"));
//!
//! let rules: Vec<_> = stripped.edits.iter().map(|edit| edit.rule.id).collect();
//! assert!(rules.contains(&"chrome/navigation") && rules.contains(&"chrome/share-bar"));
//! ```

mod edit;
mod options;
#[cfg(test)]
mod rule_cases;
pub mod rules;
mod stage;

pub mod html;
pub mod phrases;
pub mod text;

pub use edit::{Edit, Replacement, Rung, Stripped, Told};
pub use html::looks_like_html;
pub use options::{Favour, Format, Keep, Options, OwnPhrases};
pub use rules::{RULES, Rule};
pub use stage::{SPEC, StripChrome};

/// Buffers that one worker reuses from document to document.
///
/// A fresh one and a used one give the same result.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Buffers of the HTML half.
    pub html: html::Scratch,
    /// Buffers of the text half.
    pub text: text::Scratch,
    /// The last result that was handed back.
    spare: Stripped,
}

impl Scratch {
    /// Takes back a result that has been read: the next one is written into its buffers.
    ///
    /// ```
    /// use tamis_chrome::{Options, Scratch, strip_text};
    ///
    /// let (options, mut scratch) = (Options::default(), Scratch::default());
    /// for text in ["Home\n\nThe ferry to the island will stop in winter, the council said.\n", "Sport\n"] {
    ///     let stripped = strip_text(text, &options, &mut scratch);
    ///     assert!(stripped.apply(text).len() <= text.len());
    ///     scratch.reuse(stripped);
    /// }
    /// ```
    pub fn reuse(&mut self, mut read: Stripped) {
        read.clear();
        self.spare = read;
    }
}

/// The edits that leave the article of a page; see [`html::strip`].
pub fn strip_html(page: &str, options: &Options, scratch: &mut Scratch) -> Stripped {
    html::strip_into(std::mem::take(&mut scratch.spare), page, options, &mut scratch.html)
}

/// The edits that leave the article of a text scraped with its chrome; see [`text::strip`].
pub fn strip_text(text: &str, options: &Options, scratch: &mut Scratch) -> Stripped {
    text::strip_into(std::mem::take(&mut scratch.spare), text, options, &mut scratch.text)
}
