//! The few attributes a verdict can depend on.

use super::scanner::Run;
use super::tag::pack;

/// Attributes of one start tag: spans of the values, of the first attribute of each name.
///
/// Of fixed size, whatever the number of attributes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    pub(crate) class: Run,
    pub(crate) id: Run,
    pub(crate) role: Run,
    pub(crate) style: Run,
    pub(crate) itemprop: Run,
    pub(crate) itemtype: Run,
    pub(crate) rel: Run,
    pub(crate) kind: Run,
    pub(crate) name: Run,
    pub(crate) property: Run,
    pub(crate) content: Run,
    pub(crate) datetime: Run,
    pub(crate) aria_hidden: Run,
    pub(crate) aria_label: Run,
    pub(crate) href: Option<Run>,
    pub(crate) hidden: bool,
    /// Up to three of the `data-` attributes in which component frameworks name what they render.
    pub(crate) component: [Run; 3],
}

impl Attributes {
    /// Remembers the attribute if it is one of those that count.
    pub(crate) fn add(&mut self, name: &[u8], value: Run) {
        const CLASS: u128 = pack(b"class");
        const ID: u128 = pack(b"id");
        const ROLE: u128 = pack(b"role");
        const STYLE: u128 = pack(b"style");
        const ITEMPROP: u128 = pack(b"itemprop");
        const ITEMTYPE: u128 = pack(b"itemtype");
        const REL: u128 = pack(b"rel");
        const TYPE: u128 = pack(b"type");
        const NAME: u128 = pack(b"name");
        const PROPERTY: u128 = pack(b"property");
        const CONTENT: u128 = pack(b"content");
        const DATETIME: u128 = pack(b"datetime");
        const ARIA_HIDDEN: u128 = pack(b"aria-hidden");
        const ARIA_LABEL: u128 = pack(b"aria-label");
        const HREF: u128 = pack(b"href");
        const HIDDEN: u128 = pack(b"hidden");
        const DATA_TESTID: u128 = pack(b"data-testid");
        const DATA_TEST_ID: u128 = pack(b"data-test-id");
        const DATA_TEST: u128 = pack(b"data-test");
        const DATA_QA: u128 = pack(b"data-qa");
        const DATA_COMPONENT: u128 = pack(b"data-component");
        const DATA_MODULE: u128 = pack(b"data-module");
        const DATA_TYPE: u128 = pack(b"data-type");
        const DATA_BLOCK: u128 = pack(b"data-block-type");
        const DATA_NAME: u128 = pack(b"data-name");
        const DATA_ROLE: u128 = pack(b"data-role");
        const DATA_CY: u128 = pack(b"data-cy");
        let slot = match pack(name) {
            CLASS => &mut self.class,
            ID => &mut self.id,
            ROLE => &mut self.role,
            STYLE => &mut self.style,
            ITEMPROP => &mut self.itemprop,
            ITEMTYPE => &mut self.itemtype,
            REL => &mut self.rel,
            TYPE => &mut self.kind,
            NAME => &mut self.name,
            PROPERTY => &mut self.property,
            CONTENT => &mut self.content,
            DATETIME => &mut self.datetime,
            ARIA_HIDDEN => &mut self.aria_hidden,
            ARIA_LABEL => &mut self.aria_label,
            HREF => {
                self.href.get_or_insert(value);
                return;
            }
            HIDDEN => {
                self.hidden = true;
                return;
            }
            DATA_TESTID | DATA_TEST_ID | DATA_TEST | DATA_QA | DATA_COMPONENT | DATA_MODULE | DATA_TYPE
            | DATA_BLOCK | DATA_NAME | DATA_ROLE | DATA_CY => {
                let Some(free) = self.component.iter_mut().find(|slot| slot.is_empty()) else { return };
                free
            }
            _ => return,
        };
        if slot.is_empty() {
            *slot = value;
        }
    }
}
