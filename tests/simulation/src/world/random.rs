//! The random choices of a run, all drawn from its seed.

use super::World;
use crate::conditions::Conditions;
use jiff::SignedDuration;

impl World {
    /// Draws a number below `end`.
    pub fn below(&self, end: usize) -> usize {
        self.0.random.borrow_mut().usize(..end.max(1))
    }

    /// Draws whether an event happens that happens once in `times`.
    pub fn one_in(&self, times: u32) -> bool {
        self.0.random.borrow_mut().u32(..times.max(1)) == 0
    }

    /// Draws one of these values.
    pub fn pick<T: Clone>(&self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }

    /// Draws a span of at most `longest`, in whole milliseconds.
    pub fn span_up_to(&self, longest: SignedDuration) -> SignedDuration {
        let longest = longest.as_millis().clamp(0, i128::from(u32::MAX)) as u64;
        let millis = self.0.random.borrow_mut().u64(..=longest);
        SignedDuration::from_millis(millis.cast_signed())
    }

    /// Draws a seed for another random generator.
    pub fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        self.0.random.borrow_mut().fill(&mut seed);
        seed
    }

    /// Draws whether a fault happens now, and subtracts it from the count that `count_of` selects.
    pub fn has_fault(&self, count_of: impl Fn(&mut Conditions) -> &mut u32) -> bool {
        let mut conditions = self.0.conditions.get();
        let rate = conditions.one_in;
        let left = count_of(&mut conditions);
        if *left == 0 || !self.one_in(rate) {
            return false;
        }
        *left -= 1;
        self.0.conditions.set(conditions);
        true
    }
}
