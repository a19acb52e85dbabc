//! HTTP/1.1 over TCP or TLS.
//!
//! The accept loop is our own, on hyper, because two things are needed that a framework hides: closing a connection
//! instead of answering (a fault clients must survive) and stopping at once when the handle is dropped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::dispatch;
use crate::error::SimError;
use crate::message::{Call, Reply};
use crate::options::{SimOptions, Tls};
use crate::shared::Shared;

/// Graph's own limit for a request body.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How much of a longer one is passed over before it is answered.
const PASSED_BYTES_MAX: usize = 16 * BODY_BYTES_MAX;

/// How long to wait when a connection could not be accepted, so that a full file table is no busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// A bound address and how to speak on it.
pub(crate) struct Listener {
    tcp: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
}

impl Listener {
    /// The origin of the address listened on.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }
}

/// Binds the address and reads the TLS material.
pub(crate) async fn listen(options: &SimOptions) -> Result<Listener, SimError> {
    let unusable = |source| SimError::Listen {
        address: options.bind,
        source,
    };
    let tls = options.tls.as_ref().map(acceptor).transpose()?;
    let tcp = TcpListener::bind(options.bind).await.map_err(unusable)?;
    let address = tcp.local_addr().map_err(unusable)?;
    Ok(Listener { tcp, address, tls })
}

fn acceptor(tls: &Tls) -> Result<TlsAcceptor, SimError> {
    let certificates: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(tls.certificates_pem.as_bytes()).collect();
    let key = PrivateKeyDer::from_pem_slice(tls.key_pem.as_bytes()).map_err(SimError::Pem)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(SimError::Tls)?
        .with_no_client_auth()
        .with_single_cert(certificates.map_err(SimError::Pem)?, key)
        .map_err(SimError::Tls)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Accepts connections until stopped. Connections end with `stop` too.
pub(crate) async fn serve(listener: Listener, shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        // An error here is about one connection that went away, or about too many open files; both pass.
        let Ok((stream, _)) = listener.tcp.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let (tls, shared) = (listener.tls.clone(), Arc::clone(&shared));
        tokio::spawn(
            stop.clone()
                .run_until_cancelled_owned(serve_stream(stream, tls, shared)),
        );
    }
}

async fn serve_stream(stream: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    // Small answers must not wait for the client's delayed acknowledgement.
    drop(stream.set_nodelay(true));
    match tls {
        None => serve_connection(stream, shared).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                serve_connection(stream, shared).await;
            }
        }
    }
}

async fn serve_connection(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let service = service_fn(move |request| answer(Arc::clone(&shared), request));
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // The error is the client's or an injected one; either way the connection is over.
    drop(connection.await);
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is dropped by an injected fault")]
struct ConnectionDropped;

/// A body, whole or breaking off.
type Body = BoxBody<Bytes, ConnectionDropped>;

async fn answer(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Body>, ConnectionDropped> {
    let (head, mut body) = request.into_parts();
    let target = head
        .uri
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str);
    let call = |body| Call::new(head.method, target, head.headers, body);
    let read = Limited::new(&mut body, BODY_BYTES_MAX).collect().await;
    let call = match read {
        Ok(body) => call(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let call = call(Bytes::new());
            pass_over(body).await;
            return Ok(response(dispatch::too_large(&shared, &call)));
        }
        // The client went away in the middle.
        Err(_) => return Err(ConnectionDropped),
    };
    let reply = dispatch::serve(shared, call)
        .await
        .ok_or(ConnectionDropped)?;
    Ok(response(reply))
}

/// Reads on without keeping what comes, for a while: who is still sending does not listen to the answer.
async fn pass_over(mut body: Incoming) {
    let mut left = PASSED_BYTES_MAX;
    while left > 0
        && let Some(Ok(frame)) = body.frame().await
    {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
    }
}

fn response(reply: Reply) -> Response<Body> {
    let length = reply.body.len();
    let body = match reply.breaks_after {
        None => Full::new(reply.body)
            .map_err(|never| match never {})
            .boxed(),
        Some(kept) => {
            let kept = reply.body.slice(..kept.min(length));
            let frames = [Ok(Frame::data(kept)), Err(ConnectionDropped)];
            StreamBody::new(futures::stream::iter(frames)).boxed()
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    if reply.breaks_after.is_some() {
        // What breaks off was announced whole.
        response
            .headers_mut()
            .insert(http::header::CONTENT_LENGTH, length.into());
    }
    response
}
