//! Apps that sign instead of sending a secret.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use m365_sim::{Scenario, SimOptions};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::World;

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A key and its certificate, as an administrator uploads it.
struct Credential {
    key: KeyPair,
    pem: String,
    der: Vec<u8>,
}

impl Credential {
    fn new() -> Self {
        Self::with(|_| {})
    }

    /// One that differs from the usual.
    fn with(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        change(&mut params);
        let certificate = params.self_signed(&key).unwrap();
        Self {
            pem: certificate.pem(),
            der: certificate.der().to_vec(),
            key,
        }
    }

    fn sha256(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.der))
    }

    fn sha1(&self) -> String {
        let algorithm = &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;
        URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(algorithm, &self.der))
    }

    fn sign(&self, header: &Header, claims: &Value) -> String {
        let key = EncodingKey::from_rsa_pem(self.key.serialize_pem().as_bytes()).unwrap();
        jsonwebtoken::encode(header, claims, &key).unwrap()
    }

    /// As MSAL does it today.
    fn ps256(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::PS256);
        header.x5t_s256 = Some(self.sha256());
        self.sign(&header, claims)
    }
}

/// A tenant whose app has only this certificate.
async fn world_with(credential: &Credential) -> World {
    let mut scenario = Scenario::contoso();
    let app = &mut scenario.tenants[0].apps[0];
    app.secrets.clear();
    app.certificates = vec![credential.pem.clone()];
    World::start(scenario, SimOptions::explicit()).await
}

fn claims(world: &World) -> Value {
    let now = world.sim.clock().now().as_second();
    json!({
        "iss": Scenario::CONTOSO_CLIENT_ID, "sub": Scenario::CONTOSO_CLIENT_ID,
        "aud": token_url(world), "jti": "one", "nbf": now, "iat": now, "exp": now + 600,
    })
}

fn token_url(world: &World) -> String {
    let tenant = Scenario::CONTOSO_TENANT_ID;
    format!("{}/{tenant}/oauth2/v2.0/token", world.sim.url())
}

async fn redeem(world: &World, assertion: &str) -> Value {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &Scenario::CONTOSO_CLIENT_ID.to_string()),
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    world.token(&form).await.1
}

async fn refusal(world: &World, assertion: &str) -> u64 {
    let answer = redeem(world, assertion).await;
    assert_eq!(answer["error"], "invalid_client", "{answer}");
    answer["error_codes"][0].as_u64().unwrap()
}

#[tokio::test]
async fn a_signature_with_the_apps_certificate_is_as_good_as_a_secret() {
    let credential = Credential::new();
    let world = world_with(&credential).await;
    let answer = redeem(&world, &credential.ps256(&claims(&world))).await;
    assert!(answer["access_token"].is_string(), "{answer}");

    // MSAL for Python: fractions of seconds, and SHA-1 where only a thumbprint was given.
    let mut fractional = claims(&world);
    fractional["exp"] = json!(world.sim.clock().now().as_second() as f64 + 599.25);
    let mut header = Header::new(Algorithm::RS256);
    header.x5t = Some(credential.sha1());
    let answer = redeem(&world, &credential.sign(&header, &fractional)).await;
    assert!(answer["access_token"].is_string(), "{answer}");
}

#[tokio::test]
async fn an_assertion_that_proves_nothing_is_refused_by_number() {
    let credential = Credential::new();
    let world = world_with(&credential).await;
    let with = |key: &str, value: Value| {
        let mut claims = claims(&world);
        claims[key] = value;
        credential.ps256(&claims)
    };
    let past = world.sim.clock().now().as_second() - 3_600;
    let other = uuid::Uuid::from_u128(7).to_string();
    assert_eq!(refusal(&world, &with("exp", json!(past))).await, 700_024);
    assert_eq!(refusal(&world, &with("sub", json!(other))).await, 700_021);
    let elsewhere = json!("https://login.contoso.com/oauth2/v2.0/token");
    assert_eq!(refusal(&world, &with("aud", elsewhere)).await, 700_023);

    let stranger = Credential::new().ps256(&claims(&world));
    assert_eq!(refusal(&world, &stranger).await, 700_027);
    let good = credential.ps256(&claims(&world));
    let (signed, _) = good.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", URL_SAFE_NO_PAD.encode([7; 256]));
    assert_eq!(refusal(&world, &forged).await, 700_027);
    for nonsense in ["", "a.b", "a.b.c", "e30.e30.AAAA"] {
        assert_eq!(refusal(&world, nonsense).await, 50_027, "{nonsense}");
    }
}

#[tokio::test]
async fn a_certificate_is_good_within_its_time() {
    let credential = Credential::with(|params| {
        params.not_before = rcgen::date_time_ymd(2026, 11, 19);
        params.not_after = rcgen::date_time_ymd(2026, 11, 21);
    });
    let world = world_with(&credential).await;
    let assertion = || credential.ps256(&claims(&world));
    let good = redeem(&world, &assertion()).await;
    assert!(good["access_token"].is_string(), "{good}");
    let days = |days: i64| jiff::SignedDuration::from_hours(24 * days);
    world.sim.clock().advance(days(1));
    assert_eq!(refusal(&world, &assertion()).await, 1_000_502);
    world.sim.clock().advance(days(-3));
    assert_eq!(refusal(&world, &assertion()).await, 1_000_502);
}

#[tokio::test]
async fn an_assertion_needs_an_id_and_may_be_used_until_it_ends() {
    let credential = Credential::new();
    let world = world_with(&credential).await;
    let mut claims = claims(&world);
    let twenty_years = 20 * 365 * 24 * 3_600;
    claims["exp"] = json!(world.sim.clock().now().as_second() + twenty_years);
    let lasting = credential.ps256(&claims);
    for _ in 0..2 {
        let answer = redeem(&world, &lasting).await;
        assert!(answer["access_token"].is_string(), "{answer}");
    }
    claims["jti"] = json!("");
    assert_eq!(refusal(&world, &credential.ps256(&claims)).await, 50_027);
    claims.as_object_mut().unwrap().remove("jti");
    assert_eq!(refusal(&world, &credential.ps256(&claims)).await, 50_027);
}

#[tokio::test]
async fn an_app_with_a_certificate_is_no_public_client() {
    let world = world_with(&Credential::new()).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", &Scenario::CONTOSO_CLIENT_ID.to_string()),
        ("refresh_token", "any"),
    ];
    let (_, answer) = world.token(&form).await;
    assert_eq!(answer["error_codes"], json!([7_000_218]));
}
