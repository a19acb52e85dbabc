//! A second process of the same installation: the same database, the same tenant.

use server::lifecycle::Lifecycle;
use server::state::AppState;

use crate::app::{TestApp, serve};

pub struct SecondServer {
    pub origin: String,
    pub state: AppState,
    lifecycle: Lifecycle,
    served: tokio::task::JoinHandle<()>,
}

impl TestApp {
    /// Started, as any, once the first knows of it.
    pub async fn second_server(&self) -> SecondServer {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let config = self.state.config.as_ref().clone();
        let (state, lifecycle, served) = serve(config, listener).await;
        SecondServer {
            origin,
            state,
            lifecycle,
            served,
        }
    }
}

impl SecondServer {
    pub async fn close(self) {
        self.lifecycle.finish().await;
        self.served.await.unwrap();
    }
}
