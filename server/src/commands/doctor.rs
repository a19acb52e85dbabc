//! `etage doctor`: the settings in force, and whether what they name answers.

use anyhow::bail;

use super::say;
use crate::clock::SystemRandom;
use crate::config::Config;
use crate::wire;

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    for (name, value) in config.describe() {
        say(format_args!("{name:24} {value}"));
    }
    let mut faults = 0;
    let mut report = |what: &str, result: Result<String, String>| match result {
        Ok(detail) => say(format_args!("ok      {what}: {detail}")),
        Err(why) => {
            faults += 1;
            say(format_args!("FAILED  {what}: {why}"));
        }
    };
    match wire::open_store(config, &SystemRandom).await {
        Err(error) => report("database", Err(format!("{error:#}"))),
        Ok(store) => {
            report("database", Ok("answers, newest schema".to_owned()));
            let rooms = store.rooms().await?;
            let linked = rooms.iter().filter(|room| room.link.is_some()).count();
            report(
                "rooms",
                if linked == 0 {
                    Err(format!(
                        "{} on plans, none linked; run `etage import-plan` and `etage link-rooms`",
                        rooms.len()
                    ))
                } else {
                    Ok(format!("{linked} of {} linked", rooms.len()))
                },
            );
        }
    }
    match super::engine(config).await {
        Err(error) => report("connections", Err(format!("{error:#}"))),
        Ok(engine) => {
            let mut any = false;
            for (_, provider) in engine.providers().iter() {
                any = true;
                let told = provider.rooms(None).await;
                report(
                    "Microsoft 365",
                    told.map(|page| {
                        format!(
                            "answers, tells of {} rooms and maybe more",
                            page.rooms.len()
                        )
                    })
                    .map_err(|error| error.to_string()),
                );
            }
            if !any {
                report("connections", Err("none; run `etage connect`".to_owned()));
            }
        }
    }
    if faults > 0 {
        bail!("{faults} of the above need attention");
    }
    Ok(())
}
