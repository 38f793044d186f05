//! The rules that the rows name, and what each asks of us: RFC 9700, the best current practice for OAuth 2.0
//! security; ASVS, OWASP's verification standard, 5.0; and *contract*, what RIVET was promised.

/// Where it stands, and what it says.
pub const RULES: &[(&str, &str)] = &[
    (
        "RFC 9700 2.1",
        "browsers are sent to exact, registered addresses, and answers are protected from forgery",
    ),
    (
        "RFC 9700 2.1.1",
        "grants come as a code, which cannot be slipped into somebody else's sign-in",
    ),
    (
        "RFC 9700 4.1.3",
        "the redirect URI equals the registered one to the letter",
    ),
    (
        "RFC 9700 4.2.4",
        "no code or state leaves by a referrer, and a state counts once",
    ),
    (
        "RFC 9700 4.3.1",
        "what stays in a browser's history can neither be replayed nor tell a secret",
    ),
    (
        "RFC 9700 4.5",
        "a stolen code is worth nothing to whoever sends it in",
    ),
    (
        "RFC 9700 4.7.1",
        "an answer counts with an unguessable one-time state that is bound to this browser",
    ),
    (
        "RFC 9700 4.11.1",
        "the client forwards browsers to no address that a request names",
    ),
    (
        "RFC 9700 4.12",
        "no redirect carries a body with credentials on to another host",
    ),
    (
        "RFC 9700 4.13",
        "headers that a proxy could have set are not believed if anybody could have",
    ),
    (
        "RFC 9700 4.14.2",
        "a refresh token that was superseded is worth nothing",
    ),
    (
        "RFC 9700 4.16",
        "nobody can be led through a sign-in inside a frame of somebody else's page",
    ),
    ("ASVS 3.3.1", "cookies are Secure and say so in their name"),
    (
        "ASVS 3.3.2",
        "cookies have the SameSite that fits their purpose",
    ),
    ("ASVS 3.3.3", "cookies are bound to the host by __Host-"),
    (
        "ASVS 3.3.4",
        "a cookie that scripts need not see is HttpOnly, and its value travels nowhere else",
    ),
    (
        "ASVS 3.4.2",
        "pages of listed origins alone may read answers",
    ),
    (
        "ASVS 3.5.3",
        "what changes something does not happen by a request that counts as safe, or by a form from elsewhere",
    ),
    (
        "ASVS 8.2.1",
        "a function is there for those alone who are permitted",
    ),
    ("ASVS 8.4.1", "nothing that one tenant does affects another"),
    (
        "ASVS 9.1.1",
        "a token's signature is checked before anything in it is believed",
    ),
    (
        "ASVS 9.1.2",
        "only listed algorithms count, and none is not one",
    ),
    (
        "ASVS 9.1.3",
        "keys come from our own configuration and never from the token",
    ),
    ("ASVS 9.2.1", "a token counts within its time"),
    ("ASVS 9.2.2", "a token counts for its own purpose"),
    ("ASVS 9.2.3", "a token counts for the service that it names"),
    (
        "ASVS 9.2.4",
        "tokens of one key for several services each name theirs",
    ),
    (
        "ASVS 10.1.2",
        "an answer counts if this browser began this very sign-in",
    ),
    ("ASVS 10.2.1", "a forged request cannot spend a code"),
    (
        "ASVS 10.2.2",
        "an answer of another authorization server is not taken for this one's",
    ),
    ("ASVS 10.2.3", "no more is asked for than is needed"),
    ("ASVS 14.2.1", "nothing sensitive is in an address"),
    (
        "ASVS 14.2.4",
        "sealed data is protected from change as the documents promise",
    ),
    ("ASVS 14.3.2", "what is sensitive is not kept in caches"),
    ("contract 1", "keys may be replaced one beside the other"),
    ("contract 2", "who callers are, and with how much leeway"),
    (
        "contract 3",
        "a link opens once and for ten minutes; whatever else happens has its own code and leaves nothing half done",
    ),
];
