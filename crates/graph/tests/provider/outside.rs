//! What other programs than ours do to the tenant.

use graph::operation::Repeat;
use graph::{GraphClient, GraphError, Identity, Operation};
use http::{Method, Request};
use m365_sim::{AppRegistration, Scenario};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use crate::support::World;

/// Another program of the tenant, which nothing keeps out of any mailbox.
const PROGRAM: Uuid = Uuid::from_u128(0x0757);

/// How the tenant knows that program.
pub(crate) fn program() -> AppRegistration {
    AppRegistration::all_permissions(PROGRAM, Scenario::CONTOSO_SECRET)
}

impl World {
    /// Asks Graph as that program.
    pub(crate) async fn outside(&self, method: Method, path: &str, body: Value) -> Value {
        let client = self.client_as(PROGRAM, &Url::parse(self.sim.url()).unwrap());
        let answer = send(&client, &Identity::Application, method, path, body).await;
        answer.unwrap()
    }

    /// Asks Graph as somebody.
    pub(crate) async fn outside_as(
        &self,
        who: &Identity,
        method: Method,
        path: &str,
        body: Value,
    ) -> Result<Value, GraphError> {
        send(self.provider.client(), who, method, path, body).await
    }
}

async fn send(
    client: &GraphClient,
    who: &Identity,
    method: Method,
    path: &str,
    body: Value,
) -> Result<Value, GraphError> {
    let path = path.to_owned();
    match method {
        Method::POST => client.send(who, &Post { path, body }).await,
        Method::PATCH => client.send(who, &Patch { path, body }).await,
        _ => client.send(who, &Delete { path }).await,
    }
}

struct Post {
    path: String,
    body: Value,
}

struct Patch {
    path: String,
    body: Value,
}

struct Delete {
    path: String,
}

fn request(method: Method, base: &Url, path: &str, body: Vec<u8>) -> Request<Vec<u8>> {
    let request = Request::builder()
        .method(method)
        .uri(base.join(path).unwrap().as_str());
    request
        .header("content-type", "application/json")
        .body(body)
        .unwrap()
}

impl Operation for Post {
    const METHOD: Method = Method::POST;
    const REPEAT: Repeat = Repeat::OnlyIfRefused;
    type Response = Value;

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        Ok(request(
            Self::METHOD,
            base,
            &self.path,
            self.body.to_string().into_bytes(),
        ))
    }
}

impl Operation for Patch {
    const METHOD: Method = Method::PATCH;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Value;

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        Ok(request(
            Self::METHOD,
            base,
            &self.path,
            self.body.to_string().into_bytes(),
        ))
    }
}

impl Operation for Delete {
    const METHOD: Method = Method::DELETE;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Value;

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        Ok(request(Self::METHOD, base, &self.path, Vec::new()))
    }
}
