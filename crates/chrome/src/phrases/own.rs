//! Phrases of one's own, added to the lists that ship.
//!
//! A line is `category: phrase | phrase`; a line that starts with `#` is a comment, an empty line nothing. Categories
//! have the names of the files in `data/phrases`. Phrases are compared as those are: letter case, punctuation,
//! apostrophes and spaces do not count, and any number stands for any other. A phrase that one of our lists has in
//! another category belongs to one's own.

use super::Category;

/// A line that says nothing the lists can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ListError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong, as a lower-case sentence without its full stop.
    pub message: String,
}

/// The categories and phrases of a list, or all that is wrong with it.
///
/// ```
/// use tamis_chrome::phrases::{Category, read_list};
///
/// let list = read_list("# our own forms\ncomments: donnez votre grain de sel | 3 grains de sel\n").unwrap();
/// assert_eq!(list, [
///     (Category::Comments, "donnez votre grain de sel"),
///     (Category::Comments, "3 grains de sel"),
/// ]);
/// let wrong = read_list("share: envoyer à un ami\nbanner: abonnez-vous\n").unwrap_err();
/// assert_eq!(wrong.len(), 1);
/// assert!(wrong[0].to_string().starts_with("line 2: no category is called `banner`"));
/// ```
pub fn read_list(text: &str) -> Result<Vec<(Category, &str)>, Vec<ListError>> {
    let (mut list, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut refuse = |message: String| wrong.push(ListError { line: number, message });
        let Some((name, phrases)) = line.split_once(':') else {
            refuse("a line is `category: phrase | phrase`, and this one has no colon".to_owned());
            continue;
        };
        let name = name.trim();
        let Some(category) = Category::ALL.into_iter().find(|category| category.id() == name) else {
            let known: Vec<_> = Category::ALL.iter().map(|category| category.id()).collect();
            refuse(format!("no category is called `{name}`; there are {}", known.join(", ")));
            continue;
        };
        for phrase in phrases.split('|').map(str::trim) {
            if phrase.chars().any(char::is_alphanumeric) {
                list.push((category, phrase));
            } else {
                refuse(format!("`{phrase}` has no word in it"));
            }
        }
    }
    if wrong.is_empty() { Ok(list) } else { Err(wrong) }
}
