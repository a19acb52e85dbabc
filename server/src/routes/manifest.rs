//! `GET /manifest.xml`: the Outlook add-in manifest with this server's origin and client id in it.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::state::AppState;

/// Valid as it stands for the local https origin; these literals are replaced and nothing else.
const TEMPLATE: &str = include_str!("../../../manifest.xml");
const ORIGIN: &str = "https://localhost:3000";
const HOST: &str = "api://localhost:3000/";
const CLIENT_ID: &str = "00000000-0000-0000-0000-000000000000";

/// The manifest for sideloading.
pub async fn manifest(State(state): State<AppState>) -> impl IntoResponse {
    let client_id = state
        .sign_in
        .first_tenant()
        .map_or(CLIENT_ID, |tenant| tenant.client_id.as_str());
    let text = fill(&state.config.http.origin, client_id);
    (
        [(header::CONTENT_TYPE, "application/xml; charset=utf-8")],
        text,
    )
}

fn fill(origin: &url::Url, client_id: &str) -> String {
    let with_port = match (origin.host_str(), origin.port()) {
        (Some(host), Some(port)) => format!("api://{host}:{port}/"),
        (host, _) => format!("api://{}/", host.unwrap_or_default()),
    };
    TEMPLATE
        .replace(ORIGIN, &origin.origin().ascii_serialization())
        .replace(HOST, &with_port)
        .replace(CLIENT_ID, client_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_names_the_configured_origin_and_client_everywhere() {
        let origin = url::Url::parse("https://rooms.contoso.com").unwrap();
        let text = fill(&origin, "11111111-2222-3333-4444-555555555555");
        assert!(!text.contains("localhost"), "a local address is left");
        assert!(text.contains("api://rooms.contoso.com/11111111-2222-3333-4444-555555555555"));
        assert!(text.contains("https://rooms.contoso.com/pane"));
    }

    #[test]
    fn the_served_manifest_is_valid_by_microsofts_schema() {
        let schema = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/reference/outlook/manifest-xsd/OfficeAppManifestV1_1.xsd"
        );
        if !std::path::Path::new(schema).exists() {
            eprintln!("the schema is not here: nothing was checked");
            return;
        }
        let origin = url::Url::parse("https://rooms.contoso.com").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("manifest.xml");
        std::fs::write(&file, fill(&origin, "11111111-2222-3333-4444-555555555555")).unwrap();
        let checked = std::process::Command::new("xmllint")
            .args(["--noout", "--nonet", "--schema", schema])
            .arg(&file)
            .output()
            .expect("xmllint is installed by `cargo xtask test`");
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{said}");
    }
}
