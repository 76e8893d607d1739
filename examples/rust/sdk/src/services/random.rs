use crate::bindings::services::tusk::plugin::random;

/// A service: randomness fit for secrets. Always granted.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Random;

impl Random {
    /// As many bytes as asked for.
    ///
    /// # Panics
    ///
    /// The plugin traps when it asks for more than 65,536.
    #[must_use]
    pub fn bytes(&self, length: u32) -> Vec<u8> {
        random::get_bytes(length)
    }

    /// A number, all of whose bits are random.
    #[must_use]
    pub fn u64(&self) -> u64 {
        random::get_u64()
    }
}
