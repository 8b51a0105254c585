//! A seeded corpus of any size: French press in the manner of real scrapes, as HTML and as text.
//!
//! The same seed gives the same bytes on any machine. A tenth of the documents are near copies of an earlier one, a
//! fiftieth are exact ones.

use std::fmt::Write;

/// SplitMix64: small, seedable, and good enough to choose words with.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words.get(self.below(words.len())).copied().unwrap_or_default()
    }
}

const SUBJECTS: [&str; 24] = [
    "Le conseil municipal",
    "La préfète",
    "Le syndicat des pêcheurs",
    "L’usine de conserves",
    "La fédération",
    "Mme Kerdoncuff",
    "M. Astier",
    "Le collectif d’habitants",
    "La chambre d’agriculture",
    "L’entreprise de transport",
    "Le tribunal",
    "La coopérative",
    "Le musée des phares",
    "L’université",
    "La région",
    "Le club de voile",
    "La directrice de l’hôpital",
    "Un groupe de lycéens",
    "Le port de commerce",
    "La compagnie des bacs",
    "Le département",
    "L’office du tourisme",
    "Le comité des fêtes",
    "La banque publique",
];
const VERBS: [&str; 16] = [
    "a annoncé",
    "a refusé",
    "défend",
    "étudie depuis un an",
    "a présenté lundi",
    "conteste devant la justice",
    "finance en partie",
    "a inauguré",
    "prépare pour l’automne",
    "regrette",
    "soutient",
    "a reporté",
    "veut abandonner",
    "a relancé",
    "promet d’achever",
    "observe avec méfiance",
];
const OBJECTS: [&str; 22] = [
    "la rénovation de la halle",
    "un plan de 109 millions d’euros",
    "le projet de ligne de bus",
    "l’agrandissement du bassin",
    "la fermeture de deux classes",
    "une hausse de 3,5 % des tarifs",
    "un prêt de 1,2 Md€",
    "la plantation de 40 000 arbres",
    "le départ de son président",
    "une étude sur la montée des eaux",
    "la vente du terrain pour 350 000 €",
    "un festival de trois jours",
    "la réouverture du sentier",
    "l’accord signé en 2019",
    "la construction de 120 logements",
    "un budget de 45 k€",
    "le retour des trains de nuit",
    "une aide de 2 500 euros par foyer",
    "la baisse de 12 à 15 % des subventions",
    "le dragage du chenal",
    "la nouvelle criée",
    "un fonds de 4,7 milliards de dollars",
];
const ENDS: [&str; 12] = [
    "malgré l’avis contraire des riverains",
    "« dans l’intérêt de tous »",
    "à la veille des vacances scolaires",
    "selon un document consulté hier",
    "sans donner de calendrier",
    "après six mois de discussions",
    "comme l’avait demandé la Cour des comptes",
    "pour la troisième fois en dix ans",
    "avec l’appui de l’État",
    "au terme d’un vote serré",
    "dont le coût reste inconnu",
    "et attend une réponse avant mars",
];
const MENU: [&str; 8] =
    ["Accueil", "Économie", "Sport", "Culture", "Météo", "Petites annonces", "Abonnement", "Archives"];
const TEASERS: [&str; 6] = [
    "Le marché de Noël change de place",
    "Handball : la réserve s’incline",
    "Une baleine aperçue au large",
    "Travaux : ce qui change lundi",
    "Nos idées de sorties pour le week-end",
    "Le prix du beurre en cinq questions",
];

/// One file of the corpus.
pub(crate) struct Generated {
    /// Its name.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether it is HTML.
    pub(crate) html: bool,
}

/// `count` documents from `seed`.
pub(crate) fn corpus(seed: u64, count: usize) -> Vec<Generated> {
    let mut random = Random(seed);
    let mut articles: Vec<Vec<String>> = Vec::new();
    let mut files = Vec::with_capacity(count);
    for number in 0..count {
        let kind = random.below(100);
        let earlier = articles.get(random.below(articles.len().max(1))).cloned();
        let paragraphs = match earlier {
            Some(copy) if kind < 2 => copy,
            Some(mut copy) if kind < 12 => {
                copy.push(paragraph(&mut random));
                copy
            }
            _ => (0..6 + random.below(10)).map(|_| paragraph(&mut random)).collect(),
        };
        let html = number % 2 == 0;
        let text = if html { page(&mut random, &paragraphs) } else { scraped(&mut random, &paragraphs) };
        let extension = if html { "html" } else { "txt" };
        files.push(Generated {
            name: format!("site-{}/{number:07}.{extension}", number % 17),
            bytes: text.into_bytes(),
            html,
        });
        articles.push(paragraphs);
    }
    files
}

fn paragraph(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..3 + random.below(4) {
        let (subject, verb) = (random.of(&SUBJECTS), random.of(&VERBS));
        let _ = write!(text, "{subject} {verb} {}, {}. ", random.of(&OBJECTS), random.of(&ENDS));
    }
    text.trim_end().to_owned()
}

fn page(random: &mut Random, paragraphs: &[String]) -> String {
    let mut out = String::from(
        "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Le journal du canal</title>\n<script>var config = {",
    );
    for number in 0..120 {
        let _ = write!(out, "\"k{number}\":\"{:016x}\",", random.next());
    }
    out.push_str("};</script><style>.nav li { display: inline } .teaser { float: left }</style></head>\n<body class=\"page article\">\n<nav class=\"nav\"><ul>");
    for word in MENU {
        let _ = writeln!(
            out,
            "<li class=\"menu-item menu-item-type-taxonomy\"><a href=\"/{word}\">{word}</a></li>"
        );
    }
    out.push_str("</ul></nav>\n<main><article class=\"post\"><h1>");
    let _ = writeln!(
        out,
        "{}</h1>\n<div class=\"share\"><a href=\"#\">Partager</a> <a href=\"#\">Envoyer</a></div>",
        random.of(&TEASERS)
    );
    for paragraph in paragraphs {
        let _ = writeln!(out, "<p class=\"paragraph\">{}</p>", paragraph.replace('é', "&eacute;"));
    }
    out.push_str("</article>\n<aside class=\"related\"><h2>À lire aussi</h2><ul>");
    for _ in 0..8 {
        let _ = writeln!(
            out,
            "<li class=\"teaser\"><a href=\"/a/{}\"><img src=\"/i.jpg\" alt=\"\">{}</a></li>",
            random.below(9999),
            random.of(&TEASERS)
        );
    }
    out.push_str("</ul></aside></main>\n<form id=\"comments\"><label>Laisser un commentaire</label><textarea></textarea></form>\n<footer><p>Mentions légales - Contact - © Le journal du canal</p></footer></body></html>\n");
    out
}

fn scraped(random: &mut Random, paragraphs: &[String]) -> String {
    let mut out = String::from("Aller au contenu\n\n");
    for word in MENU {
        let _ = writeln!(out, "{word}");
    }
    let _ = writeln!(out, "\n{}\n", random.of(&TEASERS));
    for (number, paragraph) in paragraphs.iter().enumerate() {
        let _ = writeln!(out, "{paragraph}\n");
        if number == 3 {
            let _ = writeln!(out, "Lire aussi\n\n{}\n", random.of(&TEASERS));
        }
    }
    out.push_str("Partager sur Facebook\nPartager sur Twitter\n\n0 commentaire\n\nLaisser un commentaire\n\nVotre adresse e-mail ne sera pas publiée.\nChargement...\n");
    out
}
