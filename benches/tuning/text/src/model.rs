//! Fitted weights as integers, and what they make of a page.

use tamis_chrome::Stripped;
use tamis_chrome::text::Scratch;
use tamis_chrome::text::tuning::{self, Weights};

use crate::pages::Page;

/// Integer tables.
#[derive(Debug, Default, Clone)]
pub(crate) struct Model {
    pub(crate) alone: Vec<i16>,
    pub(crate) anew: Vec<i16>,
    pub(crate) in_place: Vec<i16>,
    pub(crate) steps: [[[i32; 2]; 2]; 3],
}

impl Model {
    pub(crate) fn weights(&self) -> Weights {
        Weights::new(&self.alone, &self.anew, &self.in_place, self.steps)
    }

    pub(crate) fn strip(&self, page: &Page) -> Stripped {
        self.weights().strip(&page.text, &mut Scratch::default())
    }
}

pub(crate) fn strip_shipped(page: &Page) -> Stripped {
    tuning::strip_shipped(&page.text, &mut Scratch::default())
}
