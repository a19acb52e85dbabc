//! Sends batches: what each step met decides about that step alone.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;

use super::owners::{Owners, Whose};
use super::{GraphClient, blamed_on};
use crate::access::Identity;
use crate::answer::Answer;
use crate::batch::{Batch, STEPS_MAX};
use crate::error::{ErrorAnswer, GraphError};
use crate::operation::Operation;
use crate::retry::{Outcome, Spent, Verdict, judge, retry_after};
use crate::throttle::Lane;

/// What became of many calls.
#[derive(Debug)]
pub struct Steps<T> {
    /// Of each, in their order. `None`: it is not known, because of `failure`.
    pub outcomes: Vec<Option<Result<T, GraphError>>>,
    /// Why it is not known of some. `None`: it is known of all.
    pub failure: Option<GraphError>,
}

/// What becomes of a step.
enum Next<T> {
    /// This.
    Done(Result<T, GraphError>),
    /// It is sent again, after this.
    Again(Duration),
}

impl GraphClient {
    /// Sends calls of one kind, at most [`STEPS_MAX`] in one request and as many to one mailbox as it has places, and hands back what
    /// became of each. Of a batch that was carried out in part, only the rest is sent again; when that fails as a whole, what
    /// was done before stands. A token that steps refuse is renewed once.
    pub async fn send_all<O: Operation>(
        &self,
        who: &Identity,
        operations: &[O],
    ) -> Steps<O::Response> {
        let started = Instant::now();
        let mut token_renewed = false;
        let mut sent = Steps {
            outcomes: operations.iter().map(|_| None).collect(),
            failure: None,
        };
        let mut attempts = vec![0; operations.len()];
        loop {
            let open = (0..operations.len()).filter(|number| sent.outcomes[*number].is_none());
            let most = self.lanes.width();
            let mut fitting = fitting(&self.owners, who, operations, open, most);
            if fitting.is_empty() {
                return sent;
            }
            let mut answers = match self.send_batch(who, operations, &fitting, started).await {
                Ok(answers) => answers,
                Err(error) => {
                    sent.failure = Some(error);
                    return sent;
                }
            };
            let is_refused = |answer: &Answer| answer.status == StatusCode::UNAUTHORIZED;
            if !token_renewed && answers.values().any(is_refused) {
                token_renewed = true;
                self.discard_token(who).await;
                // Of these nothing was done; they are still open.
                fitting.retain(|at| !answers.get(at).is_some_and(is_refused));
            }
            let mut pause = Duration::ZERO;
            for at in fitting {
                attempts[at] += 1;
                let spent = Spent {
                    attempts: attempts[at],
                    time: started.elapsed(),
                    jitter: self.jitter(),
                };
                let lane = self.lane(who, operations[at].mailbox());
                match self.after_step::<O>(lane.as_deref(), spent, answers.remove(&at)) {
                    Next::Done(outcome) => {
                        let outcome = outcome.map_err(|error| blamed_on(who, error));
                        sent.outcomes[at] = Some(outcome);
                    }
                    Next::Again(after) => pause = pause.max(after),
                }
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn discard_token(&self, who: &Identity) {
        // Had from memory, as a rule; what fails here will fail, and be told, with the next batch.
        if let Ok(token) = self.access.token(who).await {
            self.access.discard(who, &token);
        }
    }

    /// Sends these steps once all their mailboxes have places for them.
    async fn send_batch<O: Operation>(
        &self,
        who: &Identity,
        operations: &[O],
        steps: &[usize],
        started: Instant,
    ) -> Result<HashMap<usize, Answer>, GraphError> {
        let lanes = self.lanes_of(who, operations, steps);
        let mut places = Vec::new();
        for (lane, steps) in &lanes {
            places.push(self.enter(lane.as_deref(), *steps, started).await?);
        }
        let batch = Batch {
            steps: steps.iter().map(|at| (*at, &operations[*at])).collect(),
        };
        Ok(self.send(who, &batch).await?.by_step())
    }

    /// How many of the steps go through which lane; always in the same order, so that no two batches wait for each other.
    fn lanes_of<O: Operation>(
        &self,
        who: &Identity,
        operations: &[O],
        steps: &[usize],
    ) -> Vec<(Option<Arc<Lane>>, u32)> {
        let mut counted: BTreeMap<Option<Whose>, u32> = BTreeMap::new();
        for at in steps {
            let mailbox = operations[*at].mailbox();
            let whose = mailbox.map(|mailbox| self.owners.whose(who, mailbox));
            *counted.entry(whose).or_default() += 1;
        }
        let now = self.ambient.now();
        let through = counted
            .into_iter()
            .map(|(whose, steps)| (whose.map(|whose| self.lanes.lane(whose, now)), steps));
        through.collect()
    }

    fn after_step<O: Operation>(
        &self,
        lane: Option<&Lane>,
        spent: Spent,
        answer: Option<Answer>,
    ) -> Next<O::Response> {
        let Some(answer) = answer else {
            return match judge(&self.policy, spent, O::REPEAT, Outcome::Unknown) {
                Verdict::Retry { after } => Next::Again(after),
                Verdict::GiveUp => Next::Done(Err(GraphError::StepUnanswered)),
            };
        };
        if answer.status.is_success() {
            return Next::Done(answer.read_by(O::read));
        }
        let asked = retry_after(&answer.headers, self.ambient.now());
        let error = ErrorAnswer::read(answer.status, &answer.headers, &answer.body, asked);
        let (verdict, after) = self.hold::<O>(lane, spent, &error);
        match verdict {
            Verdict::Retry { .. } => Next::Again(after),
            Verdict::GiveUp => Next::Done(Err(GraphError::Answer(Box::new(error)))),
        }
    }
}

/// Those of the open steps that go into the next batch.
fn fitting<O: Operation>(
    owners: &Owners,
    who: &Identity,
    operations: &[O],
    open: impl Iterator<Item = usize>,
    most_to_mailbox: usize,
) -> Vec<usize> {
    let mut to_mailbox: BTreeMap<Whose, usize> = BTreeMap::new();
    let fitting = open.filter(|number| {
        let Some(mailbox) = operations[*number].mailbox() else {
            return true;
        };
        let steps = to_mailbox.entry(owners.whose(who, mailbox)).or_default();
        *steps += 1;
        *steps <= most_to_mailbox
    });
    fitting.take(STEPS_MAX).collect()
}
