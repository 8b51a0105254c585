//! Telling the encoding of bytes that are not UTF-8.
//!
//! Each candidate encoding reads a sample, and what it reads is priced by how likely its letters follow each other in the
//! languages that the encoding can write ([`crate::letters`]) or by how frequent its ideographs are ([`crate::ideographs`]).
//! Prices are in tenths of a bit over the same bytes, so candidates compare whatever their kind; the cheapest reading wins.
//! What is known beforehand (a declaration, the vote of chardetng, how common an encoding is) lowers or raises the price.

mod multi_byte;
mod sample;
mod single_byte;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use crate::charset::{Charset, multi_bytes, windows_1252};
use crate::letters::Cost;
pub(crate) use sample::Counters;
use sample::Sample;
use single_byte::AsciiPrices;

/// A reading and its price.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) charset: Charset,
    pub(crate) cost: Cost,
}

/// What detection found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detection {
    pub(crate) best: Candidate,
    pub(crate) runner_up: Option<Candidate>,
}

/// A declaration is worth this much of the price of the reading that it declares, in percent, and this much flat.
/// It decides between the readings of related encodings; a reading in another script costs far more than that.
const DECLARED_PERCENT: Cost = 12;
const DECLARED_FLAT: Cost = 200;
/// Readings this near to each other are decided by chardetng's vote.
const VOTE: Cost = 20;
/// What chardetng is shown.
const VOTE_BYTES: usize = 4096;

/// The most plausible encoding of `raw`, which holds bytes beyond ASCII.
pub(crate) fn detect(raw: &[u8], declared: Option<Charset>, counters: &mut Counters) -> Detection {
    let sample = Sample::of(raw, counters);
    let fallback = Candidate { charset: windows_1252(), cost: Cost::MAX };
    if declared.is_none() && sample.is_one_character() {
        return Detection { best: fallback, runner_up: None };
    }
    let mut ranking = Ranking { best: None, second: None, declared };
    let prices = AsciiPrices::of(&sample);
    // A likely winner first: what is dearer is given up early.
    if let Some(Charset::SingleByte(table)) = declared
        && let Some(page) = single_byte::pages().iter().find(|page| page.table == table)
    {
        prices.rank(page, &sample, &mut ranking);
    }
    for page in single_byte::pages() {
        prices.rank(page, &sample, &mut ranking);
    }
    for charset in multi_bytes().map(Charset::MultiByte).chain([Charset::Johab]) {
        let ceiling = ranking.ceiling(charset).saturating_sub(prices.latin);
        let cost = match charset {
            Charset::MultiByte(encoding) => multi_byte::cost(encoding, &sample.bytes, ceiling),
            _ => multi_byte::johab_cost(&sample.bytes, ceiling),
        };
        if let Some(cost) = cost {
            ranking.add(charset, prices.latin + cost);
        }
    }
    ranking.ask_chardetng(&sample);
    Detection { best: ranking.best.unwrap_or(fallback), runner_up: ranking.second }
}

/// The two best candidates so far, and what speaks for some beforehand.
#[derive(Debug)]
struct Ranking {
    best: Option<Candidate>,
    second: Option<Candidate>,
    declared: Option<Charset>,
}

impl Ranking {
    fn add(&mut self, charset: Charset, cost: Cost) {
        let mut price = cost + prior(charset);
        if Some(charset) == self.declared {
            price = (price - price * DECLARED_PERCENT / 100).saturating_sub(DECLARED_FLAT);
        }
        let new = Candidate { charset, cost: price };
        let beats = |old: &Option<Candidate>| old.is_none_or(|old| new.cost < old.cost);
        let is_best = self.best.is_some_and(|best| best.charset == charset);
        if is_best {
            return;
        }
        if beats(&self.best) {
            self.second = self.best;
            self.best = Some(new);
        } else if beats(&self.second) {
            self.second = Some(new);
        }
    }

    /// The cost from which on a reading cannot come second.
    fn ceiling(&self, charset: Charset) -> Cost {
        let Some(second) = self.second else { return Cost::MAX };
        let price = second.cost;
        if Some(charset) == self.declared {
            return price.saturating_add(DECLARED_FLAT + 1).saturating_mul(100) / (100 - DECLARED_PERCENT)
                + 1;
        }
        price
    }
}

impl Ranking {
    /// Has chardetng decide between two readings that cost nearly the same and are not the same.
    fn ask_chardetng(&mut self, sample: &Sample) {
        let (Some(best), Some(second)) = (self.best, self.second) else { return };
        if second.cost - best.cost >= VOTE || read_alike(best.charset, second.charset, sample) {
            return;
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(sample.bytes.get(..VOTE_BYTES).unwrap_or(&sample.bytes), true);
        if Charset::of_encoding(detector.guess(None, Utf8Detection::Deny)) == Some(second.charset) {
            (self.best, self.second) = (Some(second), Some(best));
        }
    }
}

/// The sample is the same text in both encodings.
fn read_alike(one: Charset, other: Charset, sample: &Sample) -> bool {
    let (Charset::SingleByte(one), Charset::SingleByte(other)) = (one, other) else { return false };
    sample.beyond.iter().all(|pair| one.read(pair.current) == other.read(pair.current))
}

/// What an encoding costs for being rare, in tenths of a bit.
fn prior(charset: Charset) -> Cost {
    match charset.label() {
        "windows-1252" | "shift_jis" | "gbk" | "big5" | "euc-kr" | "utf-8" => 0,
        "windows-1250" | "windows-1251" | "koi8-r" | "euc-jp" | "iso-8859-2" => 10,
        "windows-1253" | "windows-1254" | "windows-1255" | "windows-1256" | "windows-1257"
        | "windows-874" => 15,
        "iso-8859-15" | "iso-8859-7" | "koi8-u" => 20,
        "gb18030" | "iso-8859-5" | "iso-8859-6" | "windows-1258" => 30,
        "ibm866" | "macintosh" | "ibm850" | "ibm852" => 50,
        "ibm437" => 55,
        "x-mac-cyrillic" => 45,
        "ibm855" => 70,
        _ => 120,
    }
}
