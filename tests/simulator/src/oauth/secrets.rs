/// The source of codes, tokens and ids. The same seed gives the same values in the same order.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    random: fastrand::Rng,
    issued: Vec<String>,
}

/// The lengths that Intuit's codes and tokens have in practice.
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

    /// Draws a trace id, the `intuit_tid` of an answer.
    pub(crate) fn trace(&mut self) -> String {
        format!(
            "1-{:08x}-{:024x}",
            self.random.u32(..),
            self.random.u128(..) >> 32
        )
    }

    /// Draws a realm id: 16 digits, the first not zero.
    pub(crate) fn realm(&mut self) -> String {
        self.random
            .u64(1_000_000_000_000_000..10_000_000_000_000_000)
            .to_string()
    }

    /// Returns every code and token that was ever drawn.
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
    fn same_seed_gives_same_distinct_secrets() {
        let (mut one, mut other) = (Secrets::new(7), Secrets::new(7));
        assert_eq!(one.code(), other.code());
        assert_eq!(one.trace(), other.trace());
        assert_ne!(one.code(), one.code());
        assert_ne!(Secrets::new(8).code(), Secrets::new(7).code());
    }

    #[test]
    fn secrets_are_remembered_and_ids_are_not() {
        let mut secrets = Secrets::new(1);
        let code = secrets.code();
        let token = secrets.access_token();
        secrets.trace();
        assert_eq!(secrets.realm().len(), 16);
        assert_eq!(secrets.issued(), [code, token]);
    }
}
