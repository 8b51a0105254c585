//! How frequent the characters of Chinese, Japanese and Korean are.
//!
//! The cost of a character follows its rank among its language's characters (Zipf's law), the ranks coming from counts of
//! running text (`data/NOTICE.md`).

use std::sync::LazyLock;

use crate::letters::{Cost, symbol_cost};

/// The languages of double-byte encodings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ideographic {
    Chinese,
    Japanese,
    Korean,
}

impl Ideographic {
    pub(crate) const ALL: [Self; 3] = [Self::Chinese, Self::Japanese, Self::Korean];
}

static TABLE: &str = include_str!("../data/ideographs.txt");

/// Costs per language, by code point of the Basic Multilingual Plane.
static COSTS: LazyLock<Vec<[u8; 3]>> = LazyLock::new(|| {
    let mut costs = vec![[UNLISTED; 3]; 1 << 16];
    for (line, language) in TABLE.lines().zip(0..3_usize) {
        let ranked = line.split_once('\t').map_or("", |(_, ranked)| ranked);
        for (rank, c) in ranked.chars().enumerate() {
            let bits = 3.0 + (rank as f32 + 5.0).log2();
            if let Some(slot) = costs.get_mut(c as usize).and_then(|costs| costs.get_mut(language)) {
                *slot = (bits * 10.0) as u8;
            }
        }
    }
    // The counts are of traditional characters; simplified ones are told by GB 2312, whose first level is the common ones.
    for lead in 0xb0..=0xd7_u8 {
        for trail in 0xa1..=0xfe_u8 {
            let bytes = [lead, trail];
            let (text, _) = encoding_rs::GBK.decode_without_bom_handling(&bytes);
            let Some(c) = text.chars().next().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)) else {
                continue;
            };
            let Some([chinese, ..]) = costs.get_mut(c as usize) else { continue };
            *chinese = (*chinese).min(if COMMON_SIMPLIFIED.contains(c) { COMMON } else { SIMPLIFIED });
        }
    }
    costs
});

/// One of 3,755 characters, not among the frequent ones.
const SIMPLIFIED: u8 = 130;
/// One of the two hundred that follow.
const COMMON: u8 = 95;
/// Simplified characters that any page of Chinese has.
const COMMON_SIMPLIFIED: &str = "这国会来们时个说为对发动学开现经过还后里产种气当没长进样应将两实体问题关点东与从并几业车总电机\
军党员战间无门义见传边给达条华报设运资农该认论记员级团结领导头办处许试验广离设际观线转军装备语专习乐选举极区务变\
听认识让谁请谈读课调议讲话语词证评详误计订万亿书卖买优伤伟传众众乡亲仅价优传给络继续维绿缺网罗职联声聪买费责败账货\
质购贵贸资赛赞赢赵轮软较辆输边达迁迈运远连迟适选遗邮邻针钟钢钱铁铜银锁错键镇队阳阴际陆险随隐难雾静韩页顶项顺须\
顾预领频颗题颜额风飞饭饮馆马驱驶驻验骗鱼鸟鸡龙龄";

const UNLISTED: u8 = 190;

/// The cost of a character beyond ASCII in running text of the language.
pub(crate) fn cost(c: char, language: Ideographic) -> Cost {
    let listed = |c: char| {
        COSTS.get(c as usize).and_then(|costs| costs.get(language as usize)).copied().map(Cost::from)
    };
    match c {
        '\u{0}'..='\u{7f}' => symbol_cost(c),
        '、' | '。' | '，' | '「' | '」' | '・' | 'ー' | '（' | '）' | '：' | '；' | '！' | '？' | '“'
        | '”' | '．' | '《' | '》' | '\u{3000}' | '·' | '…' => 70,
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => 90,
        // Half-width forms of katakana: one byte each in Shift_JIS, so that almost any bytes read as some.
        '\u{ff61}'..='\u{ff9f}' => 110,
        '\u{3001}'..='\u{303f}'
        | '\u{ff01}'..='\u{ff60}'
        | '\u{2010}'..='\u{206f}'
        | '\u{2190}'..='\u{22ff}'
        | '\u{2460}'..='\u{26ff}' => 120,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => {
            listed(c).unwrap_or(Cost::from(UNLISTED))
        }
        '\u{3130}'..='\u{318f}' => 150,
        '\u{e000}'..='\u{f8ff}' | '\u{20000}'.. => 250,
        char::REPLACEMENT_CHARACTER => 400,
        '\u{80}'..='\u{9f}' => 240,
        _ => 180,
    }
}

/// The character is one of the frequent ones.
pub(crate) fn is_listed(c: char, language: Ideographic) -> bool {
    COSTS.get(c as usize).and_then(|costs| costs.get(language as usize)).is_some_and(|&cost| cost < UNLISTED)
}
