//! Numbers and words for made-up corpora.

/// A generator of numbers that is the same everywhere (xorshift64*).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    /// Words as texts have them: a few everywhere, most rarely.
    pub(crate) fn word(&mut self) -> String {
        let rank = self.below(60).min(self.below(4000));
        let syllables = ["ta", "mi", "so", "ler", "con", "pre", "du", "vane", "qui", "bor"];
        let mut word = String::new();
        let mut rest = rank + 7;
        while rest > 0 {
            word.push_str(syllables[rest % 10]);
            rest /= 10;
        }
        word
    }

    pub(crate) fn words(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.word()).collect()
    }
}
