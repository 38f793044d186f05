//! Inputs that the readers accept. All other inputs are mutated from them.

use crate::answers::{SECRET as HIDDEN, STATUSES};
use crate::requests::{NOW, SECRET, TOKEN, mac, now, session_of};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use billing::webhook::{SigningSecrets, sign};

macro_rules! events {
    ($($name:literal),*) => {
        [$(include_bytes!(concat!("../../fixtures/harbor-point/", $name, ".json")) as &[u8]),*]
    };
}

/// Returns the events of the sample firm's half year, and one event of each other type.
pub fn billing_event() -> Vec<Vec<u8>> {
    let events = events!(
        "01-project-created",
        "03-pay-app-approved",
        "04-pay-app-approved",
        "05-payment-recorded",
        "06-pay-app-revised",
        "09-retainage-released",
        "12-pay-app-voided"
    );
    let others = [
        r#"{"type":"retainage.release_voided","timestamp":"2026-03-31T21:14:05Z","data":{"firm_id":"f","plan":"pro","release_id":"r","voided_on":"2026-03-31"}}"#,
        r#"{"type":"payment.voided","timestamp":"2026-03-31T21:14:05Z","data":{"firm_id":"f","plan":"pro","payment_id":"p","voided_on":"2026-03-31"}}"#,
        r#"{"type":"customer.updated","timestamp":"2026-03-31T21:14:05Z","data":{"firm_id":"f","plan":"pro","customer":{"id":"c","name":"Turner","email":"ap@turner.example"}}}"#,
        r#"{"type":"lien.waived","timestamp":"2026-03-31T21:14:05Z","data":{}}"#,
    ];
    let others = others.map(str::as_bytes);
    events
        .iter()
        .chain(&others)
        .map(|event| event.to_vec())
        .collect()
}

/// Returns the same events with their headers.
pub fn billing_delivery() -> Vec<Vec<u8>> {
    let secrets = SigningSecrets::parse(SECRET).expect("the secret is valid");
    let delivery = |body: Vec<u8>| {
        let signature = sign(&secrets, "msg_1", now(), &body);
        let head = format!("msg_1\n{NOW}\nv1,AAAA {signature}\n");
        [head.as_bytes(), &body].concat()
    };
    let short = b"{\"test\": 2432232314}".to_vec();
    [short]
        .into_iter()
        .chain(billing_event())
        .map(delivery)
        .collect()
}

/// Returns webhook bodies in both of Intuit's formats.
pub fn intuit_webhook() -> Vec<Vec<u8>> {
    let bodies = [
        r#"{"eventNotifications":[{"realmId":"1185883450","dataChangeEvent":{"entities":[{"name":"Customer","id":"1","operation":"Create","lastUpdated":"2015-10-05T14:42:19-0700"},{"name":"Vendor","id":"1","operation":"Merge","lastUpdated":"2015-10-05T14:42:19.123Z","deletedId":"2"}]}},{"realmId":"9341453908059321","dataChangeEvent":{"entities":[{"name":"Invoice","id":"130","operation":"Void","lastUpdated":"2026-03-31T14:14:09-07:00"}]}}]}"#,
        r#"[{"specversion":"1.0","id":"88cd52aa-33b6-4351-9aa4-47572edbd068","source":"intuit.dsnBgbse=","type":"qbo.account.created.v1","datacontenttype":"application/json","time":"2025-09-10T21:31:25.179851517Z","intuitentityid":"1234","intuitaccountid":"310687","data":{}},{"specversion":"1.0","id":"2","type":"qbo.customer.merged.v1","time":"2025-09-10T21:31:25Z","intuitentityid":5000000000000007280,"intuitaccountid":"310687","data":{"deletedId":"77"}}]"#,
        r#"{"specversion":"1.0","type":"qbo.invoice.emailed.v1","time":"2025-09-10T21:31:25Z","intuitentityid":"1","intuitaccountid":"2"}"#,
    ];
    owned(&bodies)
}

/// Returns the same webhook bodies with their signatures.
pub fn intuit_signature() -> Vec<Vec<u8>> {
    let delivery = |body: Vec<u8>| {
        let signature = STANDARD.encode(mac(TOKEN.as_bytes(), &body));
        [signature.as_bytes(), b"\n", &body].concat()
    };
    let empty = Vec::new();
    [empty]
        .into_iter()
        .chain(intuit_webhook())
        .map(delivery)
        .collect()
}

/// Returns token answers: tokens, refusals and an HTML page.
pub fn token_answer() -> Vec<Vec<u8>> {
    let bodies = [
        (
            200,
            format!(
                r#"{{"access_token":"{HIDDEN}1","refresh_token":"{HIDDEN}2","token_type":"bearer","expires_in":3600,"x_refresh_token_expires_in":8726400,"x_refresh_token_hard_expires_in":157680000,"id_token":"{HIDDEN}3"}}"#
            ),
        ),
        (
            200,
            format!(r#"{{"access_token":"{HIDDEN}1","token_type":"bearer"}}"#),
        ),
        (
            400,
            r#"{"error_description":"Token invalid","error":"invalid_grant"}"#.to_owned(),
        ),
        (401, r#"{"error":"invalid_client"}"#.to_owned()),
        (
            503,
            "<html><h1>503 Service Unavailable</h1></html>".to_owned(),
        ),
    ];
    bodies
        .iter()
        .map(|(status, body)| answer_input(*status, body))
        .collect()
}

/// Returns API answers: objects, queries, batches, change data, and every shape of fault.
pub fn api_answer() -> Vec<Vec<u8>> {
    let invoice = r#"{"Id":"130","SyncToken":"2","sparse":false,"MetaData":{"LastUpdatedTime":"2026-03-31T14:14:10-07:00"},"DocNumber":"2301-1","TxnDate":"2026-03-31","CustomerRef":{"value":"24","name":"Turner"},"PrivateNote":"Voided","Line":[{"Id":"1","Description":"Rough-in","Amount":43650.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"7"},"ClassRef":{"value":"5000000000000007280"}}},{"Amount":4.365E4,"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{}}],"LinkedTxn":[{"TxnId":"140","TxnType":"Payment"}],"TotalAmt":0,"Balance":1.00}"#;
    let entry = r#"{"Id":"131","SyncToken":"1","TxnDate":"2026-03-31","TotalAmt":0,"Line":[{"Amount":4850.00,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":{"PostingType":"Debit","AccountRef":{"value":"91"},"Entity":{"Type":"Customer","EntityRef":{"value":"24"}}}},{"Amount":4850.00,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":{"PostingType":"Credit","AccountRef":{"value":"79"}}}]}"#;
    let too_large = entry.replace("4850.00", "79228162514264337593543950335");
    let too_large = too_large.replace("Credit", "Debit");
    let customer = r#"{"Id":"58","SyncToken":"0","DisplayName":"Bay (deleted)","FullyQualifiedName":"Turner:Bay","Active":false,"PrimaryEmailAddr":{"Address":"ap@turner.example"}}"#;
    let fault = r#"{"Error":[{"Message":"Duplicate Document Number Error","Detail":"This number has already been used. DocNumber=18696 is assigned to TxnType=Invoice with TxnId=6575","code":"6140","element":""}],"type":"ValidationFault"}"#;
    let time = r#""time":"2026-03-31T14:14:09.000-07:00""#;
    let bodies = [
        (200, format!(r#"{{"Invoice":{invoice},{time}}}"#)),
        (200, format!(r#"{{"JournalEntry":{entry},{time}}}"#)),
        (200, format!(r#"{{"JournalEntry":{too_large}}}"#)),
        (200, format!(r#"{{"Customer":{customer},{time}}}"#)),
        (200, format!(r#"{{"QueryResponse":{{"Invoice":[{invoice}],"startPosition":1,"maxResults":1}},{time}}}"#)),
        (200, format!(r#"{{"QueryResponse":{{"Customer":[{customer}]}}}}"#)),
        (200, r#"{"QueryResponse":{"Account":[{"Id":"91","Name":"Retainage","AccountType":"Other Current Asset","CurrentBalance":-4850.1}]}}"#.to_owned()),
        (200, format!(r#"{{"BatchItemResponse":[{{"bId":"1","Invoice":{invoice}}},{{"bId":"2","Fault":{fault}}}],{time}}}"#)),
        (200, format!(r#"{{"BatchItemResponse":[{{"bId":"2","QueryResponse":{{"Invoice":[{invoice}]}}}}]}}"#)),
        (200, format!(r#"{{"CDCResponse":[{{"QueryResponse":[{{"Invoice":[{invoice}],"startPosition":1}},{{"JournalEntry":[{entry}]}},{{"Payment":[{{"status":"Deleted","Id":"39","MetaData":{{"LastUpdatedTime":"2026-03-31T14:14:09-07:00"}}}}]}},{{"Customer":[{customer}]}},{{}}]}}],{time}}}"#)),
        (200, r#"{"Preferences":{"AccountingInfoPrefs":{"ClassTrackingPerTxnLine":true,"BookCloseDate":"2025-12-31"},"OtherPrefs":{"NameValue":[{"Name":"a","Value":"b"}]}}}"#.to_owned()),
        (400, format!(r#"{{"Fault":{fault},{time}}}"#)),
        (401, r#"{"warnings":null,"fault":{"error":[{"message":"message=AuthenticationFailed; errorCode=003200; statusCode=401","detail":"Token expired: AB0173","code":"3200","element":null}],"type":"AUTHENTICATION"},"time":1730024394085}"#.to_owned()),
        (429, r#"<?xml version="1.0"?><IntuitResponse time="2013-08-22T08:16:11.231-07:00"><Fault type="SERVICE"><Error code="3001" element="A"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message><Detail>The request limit was reached.</Detail></Error><Error code="2"></Error></Fault></IntuitResponse>"#.to_owned()),
        (503, "<html><body>Service Unavailable</body></html>".to_owned()),
    ];
    bodies
        .iter()
        .map(|(status, body)| answer_input(*status, body))
        .collect()
}

/// Returns claims, tokens that carry them, and queries of OAuth callbacks.
pub fn session_token() -> Vec<Vec<u8>> {
    let claims = [
        r#"{"iss":"rivet","aud":"rivet-books","exp":1774995249,"sub":"usr_17","firm":"firm_harbor","role":"owner","plan":"pro","name":"Dana O'Neil"}"#,
        r#"{"iss":"rivet","aud":["rivet-web","rivet-books"],"exp":1774995249.5,"nbf":-1.5e3,"iat":1774991649,"sub":"u","firm":"f","role":"viewer","plan":"starter"}"#,
    ];
    let tokens = claims.map(|claims| session_of(claims.as_bytes()).into_bytes());
    let callbacks = [
        "code=Q01%2Fx&state=s%20t&realmId=9341453908059321",
        "error=access_denied&state=st",
    ];
    let plain = owned(&claims).into_iter().chain(owned(&callbacks));
    plain.chain(tokens).collect()
}

/// Returns settings with every field, with some, and with none.
pub fn settings_body() -> Vec<Vec<u8>> {
    owned(&[
        r#"{"accounts":{"contract_revenue":"79","accounts_receivable":"84","retainage":"91","deposit":null},"retainage_method":"journal_entry","invoice_lines":"single","class_tracking":{"mode":"manual","projects":{"prj_1042":"5000000000000007280"}},"customers":{"auto_create":true,"matches":{"gc_turner_bay":"24"}},"sync":{"mode":"automatic","start_date":"2026-03-01"}}"#,
        r#"{"retainage_method":"invoice_line","invoice_lines":"by_sov_item","sync":{"mode":"paused"}}"#,
        "{}",
    ])
}

fn owned(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Returns an input for the readers of answers: status, content type, body.
fn answer_input(status: u16, body: &str) -> Vec<u8> {
    let index = STATUSES.iter().position(|known| *known == status);
    let head = [
        index
            .and_then(|index| u8::try_from(index).ok())
            .unwrap_or_default(),
        0,
    ];
    [&head[..], body.as_bytes()].concat()
}
