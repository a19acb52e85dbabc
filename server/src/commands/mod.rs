//! What the program can be told to do, one file a command.

mod admin_link;
mod connect;
mod credential;
mod declining;
mod disconnect;
mod doctor;
mod import_plan;
mod link_rooms;
mod migrate;
mod serve;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::clock::{SystemClock, SystemRandom};
use crate::config::{Config, Env};
use crate::wire;

/// Etage: find a room on the floor plan, from Outlook.
#[derive(Debug, Parser)]
#[command(name = "etage", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal, the Outlook pane and everything behind them.
    Serve,
    /// Bring the database to the newest schema, then stop.
    Migrate,
    /// Connect a Microsoft 365 tenant, by a secret in `ETAGE_CLIENT_SECRET` (or `…_FILE`) or by a certificate.
    Connect(connect::Connect),
    /// Unlink every room of a tenant and have Microsoft notify Etage no more. Says what that would be; `--yes` does it.
    Disconnect(disconnect::Disconnect),
    /// Say or set whether rooms of a tenant may be made to decline from Etage, the meeting staying as it is.
    Declining(declining::SetDeclining),
    /// Bring a plan file in: OpenStreetMap indoor GeoJSON or Etage's own plan JSON.
    ImportPlan {
        /// The file.
        file: PathBuf,
        /// What to call the building instead of what the file says.
        #[arg(long)]
        building: Option<String>,
        /// The IANA zone of a building whose file names none. Needed once: later it is the one it has already.
        #[arg(long)]
        zone: Option<String>,
        /// Only say what would come of it.
        #[arg(long)]
        dry_run: bool,
        /// Print the plan as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a link that makes whoever uses it first an administrator. It works once, and not for long.
    AdminLink,
    /// Link rooms to the tenant's mailboxes by number and name.
    LinkRooms,
    /// Show the settings in force and ask each connected tenant for what Etage needs of it.
    Doctor,
}

/// Does what the arguments say.
///
/// # Errors
/// Whatever went wrong, in words for whoever started the program.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let env = Env::of_process();
    let config = Config::read(&env)?;
    match arguments.command {
        Command::Serve => serve::run(config).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Connect(connect) => connect::run(&config, &env, connect).await,
        Command::Disconnect(disconnect) => disconnect::run(&config, disconnect).await,
        Command::Declining(wanted) => declining::run(&config, wanted).await,
        Command::ImportPlan {
            file,
            building,
            zone,
            dry_run,
            json,
        } => {
            let import = import_plan::Import {
                file,
                building,
                zone,
                keep: if dry_run {
                    import_plan::Keep::Nothing
                } else {
                    import_plan::Keep::Plan
                },
                print: if json {
                    import_plan::Print::Json
                } else {
                    import_plan::Print::Summary
                },
            };
            import_plan::run(&config, import).await
        }
        Command::AdminLink => admin_link::run(&config).await,
        Command::LinkRooms => link_rooms::run(&config).await,
        Command::Doctor => doctor::run(&config).await,
    }
}

/// An engine over the configured store, for commands that need no server.
async fn engine(config: &Config) -> anyhow::Result<Arc<engine::Engine>> {
    let store = wire::open_store(config, &SystemRandom).await?;
    wire::engine(config, store, Arc::new(SystemClock), Arc::new(SystemRandom)).await
}

/// Prints a line for whoever started the program.
#[expect(
    clippy::print_stdout,
    reason = "this is what the command was asked for"
)]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}
