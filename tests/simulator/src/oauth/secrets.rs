/// The source of everything that must not be guessed, and of ids that only have to differ. The seed decides it all.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    random: fastrand::Rng,
    issued: Vec<String>,
}

/// Lengths as they are seen in the wild; access tokens are long.
const CODE: usize = 50;
const REFRESH_TOKEN: usize = 50;
const ACCESS_TOKEN: usize = 900;

impl Secrets {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            issued: Vec::new(),
        }
    }

    pub(crate) fn code(&mut self) -> String {
        self.issue("AB11", CODE)
    }

    pub(crate) fn refresh_token(&mut self) -> String {
        self.issue("RT1-", REFRESH_TOKEN)
    }

    pub(crate) fn access_token(&mut self) -> String {
        self.issue(
            "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0..",
            ACCESS_TOKEN,
        )
    }

    /// `intuit_tid`.
    pub(crate) fn trace(&mut self) -> String {
        format!(
            "1-{:08x}-{:024x}",
            self.random.u32(..),
            self.random.u128(..) >> 32
        )
    }

    /// 16 digits, the first not zero.
    pub(crate) fn realm(&mut self) -> String {
        self.random
            .u64(1_000_000_000_000_000..10_000_000_000_000_000)
            .to_string()
    }

    pub(crate) fn issued(&self) -> &[String] {
        &self.issued
    }

    fn issue(&mut self, start: &str, length: usize) -> String {
        let mut secret = start.to_owned();
        while secret.len() < length {
            secret.push(self.random.alphanumeric());
        }
        self.issued.push(secret.clone());
        secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_decides_and_nothing_comes_twice() {
        let (mut one, mut other) = (Secrets::new(7), Secrets::new(7));
        assert_eq!(one.code(), other.code());
        assert_eq!(one.trace(), other.trace());
        assert_ne!(one.code(), one.code());
        assert_ne!(Secrets::new(8).code(), Secrets::new(7).code());
    }

    #[test]
    fn what_is_secret_is_remembered_and_ids_are_not() {
        let mut secrets = Secrets::new(1);
        let code = secrets.code();
        let token = secrets.access_token();
        secrets.trace();
        assert_eq!(secrets.realm().len(), 16);
        assert_eq!(secrets.issued(), [code, token]);
    }
}
