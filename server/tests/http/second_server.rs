//! A second process of the same installation: the same database, the same tenant.

use std::sync::Arc;

use server::clock::{SystemClock, SystemRandom};
use server::lifecycle::Lifecycle;
use server::state::AppState;
use server::{router, wire};

use crate::app::TestApp;

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
        let lifecycle = Lifecycle::default();
        let state = wire::app_state(
            self.state.config.as_ref().clone(),
            Arc::new(SystemClock),
            Arc::new(SystemRandom),
            lifecycle.stop.clone(),
        )
        .await
        .unwrap();
        state.share.start(&lifecycle.stop, &lifecycle.tasks).await;
        engine::sync::driver::start(&state.engine, &lifecycle.stop, &lifecycle.tasks);
        let routes = router::router(state.clone());
        let stop = lifecycle.stop.clone();
        let served = tokio::spawn(async move {
            axum::serve(listener, routes)
                .with_graceful_shutdown(stop.cancelled_owned())
                .await
                .unwrap();
        });
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
