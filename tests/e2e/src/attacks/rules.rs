//! The rules that the rows name. The sources are RFC 9700 (best current practice for OAuth 2.0 security), OWASP's
//! Application Security Verification Standard 5.0 (ASVS) and the contract with RIVET.

/// A security rule.
pub struct Rule {
    /// The source and the section.
    pub section: &'static str,
    /// The demand, in short.
    #[expect(dead_code, reason = "the text is for the reader")]
    pub demand: &'static str,
}

const fn rule(section: &'static str, demand: &'static str) -> Rule {
    Rule { section, demand }
}

/// All rules that the rows test.
pub const RULES: &[Rule] = &[
    rule(
        "RFC 9700 2.1",
        "redirect addresses are registered exactly, and callbacks are protected from forgery",
    ),
    rule(
        "RFC 9700 2.1.1",
        "a grant arrives as a code, and a code cannot be injected into another person's sign-in",
    ),
    rule(
        "RFC 9700 4.1.3",
        "the redirect URI equals the registered one to the letter",
    ),
    rule(
        "RFC 9700 4.2.4",
        "no referrer carries a code or a state, and a state works once",
    ),
    rule(
        "RFC 9700 4.3.1",
        "an address in a browser's history can neither be replayed nor show a secret",
    ),
    rule("RFC 9700 4.5", "an attacker cannot use a stolen code"),
    rule(
        "RFC 9700 4.7.1",
        "a callback needs an unguessable one-time state that is bound to the browser",
    ),
    rule(
        "RFC 9700 4.11.1",
        "the client forwards browsers to no address that a request names",
    ),
    rule(
        "RFC 9700 4.12",
        "no redirect carries a body with credentials on to another host",
    ),
    rule(
        "RFC 9700 4.13",
        "proxy headers are not trusted if any client can set them",
    ),
    rule(
        "RFC 9700 4.14.2",
        "a superseded refresh token does not work",
    ),
    rule(
        "RFC 9700 4.16",
        "a sign-in does not work in a frame of another site",
    ),
    rule(
        "ASVS 3.3.1",
        "cookies have the attribute Secure and the prefix of such cookies",
    ),
    rule(
        "ASVS 3.3.2",
        "cookies have the SameSite that fits their purpose",
    ),
    rule("ASVS 3.3.3", "cookies are bound to the host by __Host-"),
    rule(
        "ASVS 3.3.4",
        "a cookie that scripts do not need is HttpOnly, and its value is sent in no other place",
    ),
    rule(
        "ASVS 3.4.1",
        "browsers are told to use https alone, wherever https is in use",
    ),
    rule(
        "ASVS 3.4.2",
        "only pages of listed origins may read answers",
    ),
    rule(
        "ASVS 3.5.3",
        "no safe method and no form of another site changes anything",
    ),
    rule("ASVS 8.2.1", "only permitted roles may use a function"),
    rule("ASVS 8.4.1", "no tenant can affect another one"),
    rule(
        "ASVS 9.1.1",
        "a token's signature is checked before its claims are used",
    ),
    rule(
        "ASVS 9.1.2",
        "only listed algorithms are accepted, and `none` is not listed",
    ),
    rule(
        "ASVS 9.1.3",
        "keys come from our own configuration and never from the token",
    ),
    rule("ASVS 9.2.1", "a token is valid only within its lifetime"),
    rule("ASVS 9.2.2", "a token is valid only for its purpose"),
    rule(
        "ASVS 9.2.3",
        "a token is valid only for the service that it names",
    ),
    rule(
        "ASVS 9.2.4",
        "if several services share a key, each token names its service",
    ),
    rule(
        "ASVS 10.1.2",
        "a callback works only in the browser that began the sign-in",
    ),
    rule("ASVS 10.2.1", "a forged request cannot spend a code"),
    rule(
        "ASVS 10.2.2",
        "a callback of another authorization server is not accepted",
    ),
    rule(
        "ASVS 10.2.3",
        "the app requests only the scopes that it needs",
    ),
    rule(
        "ASVS 11.2.3",
        "secrets are long enough that nobody guesses them",
    ),
    rule(
        "ASVS 12.2.1",
        "everything that leaves this machine is encrypted on the way",
    ),
    rule("ASVS 14.2.1", "no address holds a secret"),
    rule(
        "ASVS 14.2.4",
        "sealed data is protected from change, as documented",
    ),
    rule("ASVS 14.3.2", "no cache keeps a secret"),
    rule(
        "ASVS 15.2.2",
        "what strangers send takes no room in the store",
    ),
    rule("contract 1", "an old and a new key may be valid together"),
    rule(
        "contract 2",
        "callers are authenticated, with a fixed leeway for clocks",
    ),
    rule(
        "contract 3",
        "a link opens once and for ten minutes; each failure has its own code and leaves nothing half done",
    ),
];
