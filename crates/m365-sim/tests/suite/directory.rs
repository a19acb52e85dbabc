//! Places, people and the organization.

use serde_json::Value;

use crate::support::{ADELE, ROOM1, World};

fn names(answer: &Value, property: &str) -> Vec<String> {
    let value = answer["value"].as_array().unwrap();
    value
        .iter()
        .map(|one| one[property].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn rooms_are_listed_with_what_places_knows() {
    let world = World::contoso().await;
    for path in [
        "places/graph.room",
        "places/microsoft.graph.room",
        "Places/Graph.Room",
    ] {
        let rooms = world.app().await.get(path).await;
        assert_eq!(rooms.json["value"].as_array().unwrap().len(), 8);
        let room = &rooms.json["value"][1];
        assert_eq!(room["emailAddress"], "room2@contoso.com");
        assert_eq!(room["capacity"], 6);
        assert_eq!(room["videoDeviceName"], "Surface Hub");
        assert_eq!(room["building"], "Harbour House");
    }
}

#[tokio::test]
async fn rooms_are_paged_by_links_on_the_same_origin() {
    let world = World::contoso().await;
    let app = world.app().await;
    let first = app.get("places/graph.room?$top=5&$count=true").await;
    assert_eq!(first.json["@odata.count"], 8);
    let next = first.json["@odata.nextLink"].as_str().unwrap();
    assert!(next.starts_with(world.sim.url()), "{next}");
    let second = app.get(next).await;
    assert_eq!(second.json["value"].as_array().unwrap().len(), 3);
    assert!(second.json.get("@odata.nextLink").is_none());
}

#[tokio::test]
async fn rooms_of_a_list_are_found_by_the_lists_address() {
    let world = World::contoso().await;
    let app = world.app().await;
    let lists = app.get("places/graph.roomList").await;
    assert_eq!(
        names(&lists.json, "emailAddress"),
        ["harbour-house@contoso.com"]
    );
    let rooms = app
        .get("places/harbour-house%40contoso.com/graph.roomList/rooms")
        .await;
    assert_eq!(rooms.json["value"].as_array().unwrap().len(), 8);
    let missing = app
        .get("places/nowhere@contoso.com/graph.roomList/rooms")
        .await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn one_place_is_read_by_id_and_by_address() {
    let world = World::contoso().await;
    let app = world.app().await;
    let by_address = app.get(&format!("places/{ROOM1}")).await;
    let by_id = app
        .get(&format!(
            "places/{}",
            by_address.json["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(by_id.json["emailAddress"], ROOM1);
    assert_eq!(by_id.json["@odata.type"], "#microsoft.graph.room");
}

#[tokio::test]
async fn people_are_searched_by_the_beginning_of_their_name() {
    let world = World::contoso().await;
    let app = world.app().await;
    let filter = "users?$filter=startswith(displayName,'ad')%20or%20startswith(mail,'ad')&$select=id,displayName,mail";
    let found = app.get(filter).await;
    assert_eq!(names(&found.json, "displayName"), ["Adele Vance"]);
    assert!(found.json["value"][0].get("jobTitle").is_none());
    let search = app
        .request(reqwest::Method::GET, "users?$search=\"displayName:vance\"")
        .header("ConsistencyLevel", "eventual");
    let found = crate::support::answer(search).await;
    assert_eq!(names(&found.json, "mail"), [ADELE]);
}

#[tokio::test]
async fn basic_permission_shows_no_job_titles_of_others() {
    let world = World::contoso().await;
    let basic = world.app().await.get(&format!("users/{ADELE}")).await;
    assert!(basic.json["jobTitle"].is_null());
    let own = world.person(ADELE).get("me").await;
    assert_eq!(own.json["jobTitle"], "Retail Manager");
    assert_eq!(
        own.json["id"],
        world.sim.mailbox_id(ADELE).unwrap().to_string()
    );
}

#[tokio::test]
async fn an_unknown_person_is_not_found() {
    let world = World::contoso().await;
    let answer = world.app().await.get("users/nobody@contoso.com").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.json["error"]["code"], "Request_ResourceNotFound");
}

#[tokio::test]
async fn the_organization_names_tenant_and_domain() {
    let world = World::contoso().await;
    let answer = world.app().await.get("organization").await;
    assert_eq!(names(&answer.json, "displayName"), ["Contoso"]);
    assert_eq!(
        answer.json["value"][0]["verifiedDomains"][0]["name"],
        "contoso.com"
    );
}

#[tokio::test]
async fn who_may_read_only_their_own_profile_sees_three_properties_of_the_organization() {
    let world = World::contoso().await;
    let client_id = m365_sim::Scenario::CONTOSO_CLIENT_ID;
    let issued = world
        .sim
        .token_for(ADELE, client_id, &["User.Read"])
        .unwrap();
    let adele = world.with_token(&issued.access_token);
    let read = adele.get("organization").await;
    let organization = &read.json["value"][0];
    assert_eq!(organization["displayName"], "Contoso");
    assert_eq!(organization["verifiedDomains"][0]["name"], "contoso.com");
    assert!(organization["createdDateTime"].is_null() && organization["tenantType"].is_null());
    let whole = world.app().await.get("organization").await;
    assert_eq!(whole.json["value"][0]["tenantType"], "AAD");
}
