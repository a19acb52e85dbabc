//! Answers over HTTP, read to their end within bounds. Whatever is wrong with one is an error that names the request.

use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::error::{GraphError, request_id, without_values};

/// What Graph answered, and the name it gave the request: what is wrong with an answer may show only when it is put
/// to use, and whoever reports it needs the name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answered<T> {
    /// The body.
    pub body: T,
    /// Microsoft's name for the request. `None`: it gave none.
    pub request_id: Option<String>,
}

/// An HTTP answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads no more than `max_bytes` of a body.
    ///
    /// # Errors
    /// [`GraphError::Truncated`] and [`GraphError::TooLarge`].
    pub(crate) async fn read(
        mut response: reqwest::Response,
        max_bytes: usize,
    ) -> Result<Self, GraphError> {
        let status = response.status();
        let headers = response.headers().clone();
        let mut body = Vec::new();
        loop {
            let chunk = response
                .chunk()
                .await
                .map_err(|error| GraphError::Truncated {
                    request_id: request_id(&headers),
                    read_bytes: body.len(),
                    source: error.without_url(),
                })?;
            let Some(chunk) = chunk else { break };
            if body.len() + chunk.len() > max_bytes {
                return Err(GraphError::TooLarge {
                    request_id: request_id(&headers),
                    max_bytes,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self {
            status,
            headers,
            body,
        })
    }

    /// The body, read like that, beside the request's name.
    ///
    /// # Errors
    /// [`GraphError::Decode`].
    pub(crate) fn answered<T>(
        &self,
        read: impl FnOnce(&[u8]) -> serde_json::Result<T>,
    ) -> Result<Answered<T>, GraphError> {
        Ok(Answered {
            body: self.read_by(read)?,
            request_id: request_id(&self.headers),
        })
    }

    /// The body as JSON; an empty one reads as `null`.
    ///
    /// # Errors
    /// [`GraphError::Decode`].
    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Result<T, GraphError> {
        self.read_by(|body| serde_json::from_slice(body))
    }

    /// The body, read like that; an empty one reads as `null`.
    ///
    /// # Errors
    /// [`GraphError::Decode`].
    pub(crate) fn read_by<T>(
        &self,
        read: impl FnOnce(&[u8]) -> serde_json::Result<T>,
    ) -> Result<T, GraphError> {
        let body: &[u8] = if self.body.is_empty() {
            b"null"
        } else {
            &self.body
        };
        read(body).map_err(|error| GraphError::Decode {
            request_id: request_id(&self.headers),
            source: without_values(&error),
        })
    }
}
