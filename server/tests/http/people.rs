//! Callers: people at the portal, people in the Outlook pane, strangers.

use app::api::ApiError;
use m365_sim::Scenario;
use reqwest::header::{AUTHORIZATION, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::app::TestApp;

/// Somebody with a way to prove who they are, or none.
#[derive(Clone)]
pub struct Caller {
    origin: String,
    http: reqwest::Client,
    cookie: Option<String>,
    token: Option<String>,
}

impl TestApp {
    pub fn stranger(&self) -> Caller {
        Caller {
            origin: self.origin.clone(),
            http: client(),
            cookie: None,
            token: None,
        }
    }

    /// Signs in at the portal, through the identity provider's own page.
    pub async fn at_portal(&self, address: &str) -> Caller {
        let mut caller = self.stranger();
        let left = caller.get("/sign-in?return=/reservations").await;
        let remembered = cookie_of(&left, "etage_signing_in");
        let page = Url::parse(left.headers()[LOCATION].to_str().unwrap()).unwrap();
        let back = caller.choose(&page, address).await;
        let came = caller
            .http
            .get(back)
            .header(COOKIE, remembered)
            .send()
            .await
            .unwrap();
        assert_eq!(came.headers()[LOCATION], "/reservations");
        caller.cookie = Some(cookie_of(&came, "etage_session"));
        caller
    }

    /// With the token Outlook gives the pane.
    pub fn in_pane(&self, address: &str) -> Caller {
        let scope = format!("{}/access_as_user", Scenario::CONTOSO_CLIENT_ID);
        let issued = self
            .sim
            .token_for(address, Scenario::CONTOSO_CLIENT_ID, &[&scope])
            .unwrap();
        self.with_token(&issued.access_token)
    }

    pub fn with_token(&self, token: &str) -> Caller {
        Caller {
            token: Some(token.to_owned()),
            ..self.stranger()
        }
    }
}

impl Caller {
    /// The same person, at another server of the same installation.
    pub fn at(&self, origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            ..self.clone()
        }
    }

    /// Picks a person on the identity provider's page. Where it sends them back to.
    pub async fn choose(&self, page: &Url, address: &str) -> String {
        let mut form: Vec<(String, String)> = page.query_pairs().into_owned().collect();
        form.push(("person".to_owned(), address.to_owned()));
        let mut action = page.clone();
        action.set_query(None);
        let chosen = self.http.post(action).form(&form).send().await.unwrap();
        chosen.headers()[LOCATION].to_str().unwrap().to_owned()
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        let request = self.http.get(format!("{}{path}", self.origin));
        self.prove(request).send().await.unwrap()
    }

    pub async fn get_with_cookie(&self, path: &str, cookie: &str) -> reqwest::Response {
        let request = self.http.get(format!("{}{path}", self.origin));
        request.header(COOKIE, cookie).send().await.unwrap()
    }

    pub async fn sign_out(&self) {
        let request = self.http.post(format!("{}/sign-out", self.origin));
        let left = self.prove(request).send().await.unwrap();
        assert!(left.status().is_redirection());
    }

    /// Calls a server function as the browser does.
    pub async fn call<T: DeserializeOwned>(
        &self,
        function: &str,
        arguments: &impl Serialize,
    ) -> Result<T, ApiError> {
        let answer = self.post(function, arguments).await;
        let status = answer.status();
        let body = answer.text().await.unwrap();
        if status.is_success() {
            return Ok(
                serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
            );
        }
        Err(serde_json::from_str(&body).unwrap_or_else(|_| panic!("{status} {body}")))
    }

    pub async fn post(&self, function: &str, arguments: &impl Serialize) -> reqwest::Response {
        let request = self
            .http
            .post(format!("{}/api/{function}", self.origin))
            .header("accept", "application/json")
            .json(arguments);
        self.prove(request).send().await.unwrap()
    }

    /// The same request, but sent by a page of another site.
    pub async fn post_from_elsewhere(
        &self,
        function: &str,
        arguments: &impl Serialize,
    ) -> reqwest::Response {
        let request = self
            .http
            .post(format!("{}/api/{function}", self.origin))
            .header(ORIGIN, "https://elsewhere.example")
            .json(arguments);
        self.prove(request).send().await.unwrap()
    }

    fn prove(&self, mut request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        request
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

pub fn cookie_of(answer: &reqwest::Response, name: &str) -> String {
    answer
        .headers()
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .filter_map(|value| value.split(';').next())
        .find(|pair| pair.starts_with(name) && !pair.ends_with('='))
        .unwrap_or_else(|| panic!("no cookie {name} in {:?}", answer.headers()))
        .to_owned()
}
