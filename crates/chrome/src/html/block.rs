//! What a block of text can be.

/// What a block of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum BlockKind {
    /// A paragraph, or text that stands in no element of its own.
    #[default]
    Paragraph,
    /// A heading.
    Heading,
    /// An item of a list.
    Item,
    /// A quotation.
    Quote,
    /// Preformatted text.
    Preformatted,
    /// A cell of a table.
    Cell,
    /// The caption of a figure or table.
    Caption,
    /// A term of a definition list.
    Term,
    /// A definition.
    Definition,
}
