//! What other programs than ours do to the tenant.

use graph::operation::Repeat;
use graph::{GraphError, Identity, Operation};
use http::{Method, Request};
use serde_json::Value;
use url::Url;

use crate::support::World;

impl World {
    /// Asks Graph as the application.
    pub(crate) async fn outside(&self, method: Method, path: &str, body: Value) -> Value {
        self.outside_as(&Identity::Application, method, path, body)
            .await
            .unwrap()
    }

    /// Asks Graph as somebody.
    pub(crate) async fn outside_as(
        &self,
        who: &Identity,
        method: Method,
        path: &str,
        body: Value,
    ) -> Result<Value, GraphError> {
        let path = path.to_owned();
        let client = self.provider.client();
        match method {
            Method::POST => client.send(who, &Post { path, body }).await,
            Method::PATCH => client.send(who, &Patch { path, body }).await,
            _ => client.send(who, &Delete { path }).await,
        }
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
