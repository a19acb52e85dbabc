//! Who did what.

use booking::ids::ReservationId;
use store::audit::AuditEntry;

use crate::support::{NOW, ada, on_both};

#[tokio::test]
async fn acts_come_back_as_written_and_in_order() {
    on_both(async |world| {
        let reservation = ReservationId::random(&world.random);
        let by_ada = AuditEntry {
            at: NOW,
            who: Some(ada().id),
            what: "place reservation".to_owned(),
            reservation: Some(reservation),
            room: None,
        };
        let by_server = AuditEntry {
            at: NOW,
            who: None,
            what: "release reservation".to_owned(),
            ..by_ada.clone()
        };
        let unrelated = AuditEntry {
            reservation: None,
            what: "publish plan".to_owned(),
            ..by_ada.clone()
        };
        for entry in [&by_ada, &by_server, &unrelated] {
            world.store.append_audit(entry).await.unwrap();
        }
        let of_reservation = world.store.audit_of(reservation).await.unwrap();
        assert_eq!(of_reservation, [by_ada, by_server.clone()]);
        let latest = world.store.latest_audit(2).await.unwrap();
        assert_eq!(latest, [unrelated, by_server]);
    })
    .await;
}
