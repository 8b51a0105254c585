//! Every rule of the crate, in one list.

use tamis_core::Rule;

/// The folded words are the same, whatever the case, accents, punctuation and spaces.
pub static EXACT_DUPLICATE: Rule = Rule {
    id: "dedup/exact-duplicate",
    reason: "another document has the same words",
    since: "0.1.0",
    before: "La séance est levée.",
    after: "",
};

/// The two texts share most of their five-word shingles.
pub static NEAR_DUPLICATE: Rule = Rule {
    id: "dedup/near-duplicate",
    reason: "another document says nearly the same in the same words",
    since: "0.1.0",
    before: "PARIS (agence) – La séance est levée, a dit la présidente peu après minuit.",
    after: "",
};

/// One text is the main part of the other.
pub static CONTAINED_COPY: Rule = Rule {
    id: "dedup/contained-copy",
    reason: "another document has nearly all of this text and not much more",
    since: "0.1.0",
    before: "La séance est levée. Lire la suite",
    after: "",
};

/// One text is a bad reading of the other.
pub static MISREAD_COPY: Rule = Rule {
    id: "dedup/misread-copy",
    reason: "another document is a better reading of the same text",
    since: "0.1.0",
    before: "La séancc est levée, a dit la prcsidente peu apr ès minuit.",
    after: "",
};

/// The folded words are those of a document that an earlier run kept.
pub static EARLIER_EXACT_DUPLICATE: Rule = Rule {
    id: "dedup/earlier-exact-duplicate",
    reason: "a document that an earlier run kept has the same words",
    since: "0.1.0",
    before: "La séance est levée.",
    after: "",
};

/// The text shares most of its five-word shingles with a document that an earlier run kept.
pub static EARLIER_NEAR_DUPLICATE: Rule = Rule {
    id: "dedup/earlier-near-duplicate",
    reason: "a document that an earlier run kept says nearly the same in the same words",
    since: "0.1.0",
    before: "PARIS (agence) – La séance est levée, a dit la présidente peu après minuit.",
    after: "",
};

/// One of the two, this text and one that an earlier run kept, is the main part of the other.
pub static EARLIER_CONTAINED_COPY: Rule = Rule {
    id: "dedup/earlier-contained-copy",
    reason: "this text and one that an earlier run kept are one in the other, with not much more",
    since: "0.1.0",
    before: "La séance est levée. Lire la suite",
    after: "",
};

/// One of the two, this text and one that an earlier run kept, is a bad reading of the other.
pub static EARLIER_MISREAD_COPY: Rule = Rule {
    id: "dedup/earlier-misread-copy",
    reason: "this text and one that an earlier run kept are readings of the same text",
    since: "0.1.0",
    before: "La séancc est levée, a dit la prcsidente peu apr ès minuit.",
    after: "",
};

/// A line that stands on many pages of its site, or of the corpus.
pub static REPEATED_PARAGRAPH: Rule = Rule {
    id: "dedup/repeated-paragraph",
    reason: "a line that many pages of a site carry belongs to the site, not to the article",
    since: "0.1.0",
    before: "Inscrivez-vous à la lettre du soir\nLa séance est levée.",
    after: "La séance est levée.",
};

/// A run of words that stands in a better document too.
pub static REPEATED_RUN: Rule = Rule {
    id: "dedup/repeated-run",
    reason: "a long passage that stays in another document, word for word",
    since: "0.1.0",
    before: "Le pont rouvre mardi. Les travaux, commencés il y a deux mois, ont porté sur le tablier, dont les rivets d’origine \
             ont tous été remplacés, et sur les deux piles de la rive gauche, que les crues de l’hiver dernier avaient \
             déchaussées d’un mètre au moins selon les relevés des plongeurs, payés par la région et par les trois \
             communes. Le maire n’a pas répondu.",
    after: "Le pont rouvre mardi. Le maire n’a pas répondu.",
};

/// All of the text stands, in long passages and word for word, in one better document, and stays there.
pub static CONTAINED_TEXT: Rule = Rule {
    id: "dedup/contained-text",
    reason: "another document has all of this text, word for word",
    since: "0.1.0",
    before: "Une page de plusieurs articles a aussi celui-ci, en entier.",
    after: "",
};

/// Every rule this crate may name.
pub static RULES: &[&Rule] = &[
    &EXACT_DUPLICATE,
    &NEAR_DUPLICATE,
    &CONTAINED_COPY,
    &MISREAD_COPY,
    &EARLIER_EXACT_DUPLICATE,
    &EARLIER_NEAR_DUPLICATE,
    &EARLIER_CONTAINED_COPY,
    &EARLIER_MISREAD_COPY,
    &REPEATED_PARAGRAPH,
    &REPEATED_RUN,
    &CONTAINED_TEXT,
];
