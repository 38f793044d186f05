//! What the seed decides when it is asked.

use super::World;
use crate::Conditions;
use jiff::SignedDuration;

impl World {
    /// A number below `end`.
    pub fn below(&self, end: usize) -> usize {
        self.0.chance.borrow_mut().usize(..end.max(1))
    }

    /// True once in so many times.
    pub fn one_in(&self, times: u32) -> bool {
        self.0.chance.borrow_mut().u32(..times.max(1)) == 0
    }

    /// One of these.
    pub fn pick<T: Clone>(&self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// A span up to `longest`, in milliseconds.
    pub fn up_to(&self, longest: SignedDuration) -> SignedDuration {
        let longest = longest.as_millis().clamp(0, i128::from(u32::MAX)) as u64;
        let millis = self.0.chance.borrow_mut().u64(..=longest);
        SignedDuration::from_millis(millis.cast_signed())
    }

    /// A seed for what draws for itself.
    pub fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        self.0.chance.borrow_mut().fill(&mut seed);
        seed
    }

    /// Draws whether something goes wrong now, and takes it from what `of` allows.
    pub fn goes_wrong(&self, of: impl Fn(&mut Conditions) -> &mut u32) -> bool {
        let mut conditions = self.0.conditions.get();
        let rate = conditions.one_in;
        let left = of(&mut conditions);
        if *left == 0 || !self.one_in(rate) {
            return false;
        }
        *left -= 1;
        self.0.conditions.set(conditions);
        true
    }
}
