//! Holds answers (and requests) against Microsoft's published OpenAPI document.
//!
//! The document is not part of this repository. [`ContractObserver::from_reference`] looks for it where the project
//! keeps reference material; when it is missing, that is said once and nothing is checked, so tests still run.
//!
//! The check is stricter than the document in one point: properties nobody documented are breaches, except control
//! information (names with `@`). A misspelt property would otherwise pass as an open type's extra.

mod added;
pub mod examples;
mod headers;
mod notifications;
mod operations;
mod options;
mod queue;
mod schema;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::error::SimError;
use crate::exchange::{Exchange, Findings, Observer};
use operations::{Operation, Operations};
use queue::Queue;

/// Where the document lies, seen from a crate of this workspace.
const REFERENCE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/reference/graph/graph-v1.0-rooms.openapi.yaml"
);

/// A breach of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The HTTP method.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The answer's status.
    pub status: u16,
    /// What is wrong, with the place in the body.
    pub problem: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            method,
            target,
            status,
            problem,
        } = self;
        write!(f, "{method} {target} ({status}): {problem}")
    }
}

/// Watches a simulator and collects breaches. Clones share what they found.
#[derive(Clone)]
pub struct ContractObserver {
    contract: Option<Arc<Contract>>,
    found: Arc<Mutex<Found>>,
}

#[derive(Debug, Default)]
struct Found {
    answers: Vec<Violation>,
    requests: Vec<Violation>,
    checked: usize,
}

struct Contract {
    operations: Operations,
    definitions: Value,
    /// Compiled schemas by their JSON text.
    validators: Mutex<HashMap<String, Option<Arc<Validator>>>>,
}

impl ContractObserver {
    /// Reads the document at `path`.
    ///
    /// # Errors
    /// [`SimError::ContractRead`] or [`SimError::ContractFormat`] when it is missing or no OpenAPI document.
    pub fn load(path: &Path) -> Result<Self, SimError> {
        Ok(Self {
            contract: Some(Arc::new(Contract::load(path)?)),
            found: Arc::default(),
        })
    }

    /// The document in the project's reference material; without it, an observer that checks nothing.
    #[must_use]
    pub fn from_reference() -> Self {
        static CONTRACT: OnceLock<Option<Arc<Contract>>> = OnceLock::new();
        let contract = CONTRACT.get_or_init(|| match Contract::load(Path::new(REFERENCE)) {
            Ok(contract) => Some(Arc::new(contract)),
            Err(error) => {
                eprintln!("The contract is not checked: {error}.");
                None
            }
        });
        Self {
            contract: contract.clone(),
            found: Arc::default(),
        }
    }

    /// What to hand to [`SimOptions::with_observer`](crate::SimOptions::with_observer).
    #[must_use]
    pub fn observer(&self) -> Observer {
        let this = self.clone();
        Arc::new(move |exchange| this.observe(exchange))
    }

    /// Answers of the simulator that break the contract.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        self.found
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .answers
            .clone()
    }

    /// Requests to the simulator that break the contract.
    #[must_use]
    pub fn request_violations(&self) -> Vec<Violation> {
        self.found
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .requests
            .clone()
    }

    /// What to put into [`SimOptions::findings`](crate::SimOptions): `checked`, and the breaches by `answers` and by
    /// `requests`, a sentence each.
    #[must_use]
    pub fn findings(&self) -> Findings {
        let this = self.clone();
        let told = |violations: Vec<Violation>| -> Vec<String> {
            violations.iter().map(Violation::to_string).collect()
        };
        Arc::new(move || {
            json!({
                "checked": this.checked(),
                "answers": told(this.violations()),
                "requests": told(this.request_violations()),
            })
        })
    }

    /// An observer whom no answer waits for, and what to ask for its findings: it waits until all before it is checked.
    ///
    /// Where the system gives no thread for it, answers do wait.
    #[must_use]
    pub fn in_background(&self) -> (Observer, Findings) {
        let (this, findings) = (self.clone(), self.findings());
        let Ok(queue) = Queue::start(move |exchange| this.observe(exchange)) else {
            return (self.observer(), findings);
        };
        let asked = queue.clone();
        let waiting = move || {
            asked.wait();
            findings()
        };
        (
            Arc::new(move |exchange| queue.check(exchange)),
            Arc::new(waiting),
        )
    }

    /// How many exchanges were held against the contract. Zero when the document is missing.
    #[must_use]
    pub fn checked(&self) -> usize {
        self.found
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .checked
    }

    /// The operations of the document: method, and path in lower case without parentheses. None when it is missing.
    #[must_use]
    pub fn operations(&self) -> Vec<(String, String)> {
        let contract = self.contract.iter();
        contract
            .flat_map(|contract| contract.operations.documented())
            .collect()
    }

    /// Checks any body, such as a notification, against a schema by name; the problems found.
    #[must_use]
    pub fn check(&self, schema: &str, body: &Value) -> Vec<String> {
        let Some(contract) = &self.contract else {
            return Vec::new();
        };
        contract.problems(&json!({ "$ref": format!("#/$defs/{schema}") }), body)
    }

    fn observe(&self, exchange: &Exchange) {
        let Some(contract) = &self.contract else {
            return;
        };
        if exchange.is_notification {
            let problems = contract.notification_problems(exchange);
            return self.add(exchange, problems, Vec::new());
        }
        if !exchange.target.to_lowercase().starts_with("/v1.0/") {
            return;
        }
        let operation = contract.operations.find(&exchange.method, &exchange.target);
        let answers = contract.answer_problems(operation, exchange);
        let requests = operation
            .map(|operation| contract.request_problems(operation, exchange))
            .unwrap_or_default();
        self.add(exchange, answers, requests);
    }

    fn add(&self, exchange: &Exchange, answers: Vec<String>, requests: Vec<String>) {
        let violation = |problem| Violation {
            method: exchange.method.clone(),
            target: exchange.target.clone(),
            status: exchange.status,
            problem,
        };
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.checked += 1;
        found.answers.extend(answers.into_iter().map(violation));
        found.requests.extend(requests.into_iter().map(violation));
    }
}

impl Contract {
    fn load(path: &Path) -> Result<Self, SimError> {
        let unreadable = |source| SimError::ContractRead {
            path: path.to_owned(),
            source,
        };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let document: Value = serde_yaml_ng::from_str(&text).map_err(SimError::ContractFormat)?;
        Ok(Self {
            operations: Operations::of(&document),
            definitions: schema::definitions(&document["components"]["schemas"]),
            validators: Mutex::default(),
        })
    }

    fn notification_problems(&self, exchange: &Exchange) -> Vec<String> {
        let body = exchange.request_json.as_ref().unwrap_or(&Value::Null);
        let schema = json!({ "$ref": format!("#/$defs/{}", notifications::SCHEMA) });
        let mut problems = self.problems(&schema, body);
        problems.extend(notifications::problems(body));
        problems
    }

    fn answer_problems(&self, operation: Option<&Operation>, exchange: &Exchange) -> Vec<String> {
        let mut problems = headers::problems(exchange);
        problems.extend(self.body_problems(operation, exchange));
        if let Some(operation) = operation.filter(|_| exchange.status < 400) {
            let wrong = options::problems(&operation.parameters, &exchange.target).into_iter();
            problems.extend(wrong.map(|problem| format!("served although {problem}")));
        }
        problems
    }

    fn body_problems(&self, operation: Option<&Operation>, exchange: &Exchange) -> Vec<String> {
        let is_refusal = exchange.status >= 400;
        let Some(operation) = operation else {
            // Refusing what nobody documented is right; the refusal has a documented form.
            return if is_refusal {
                self.refusal_problems(exchange)
            } else {
                vec!["no such operation".to_owned()]
            };
        };
        let Some(schema) = operation.answer(exchange.status) else {
            return vec![format!("status {} is not documented", exchange.status)];
        };
        match (schema, &exchange.response_json) {
            (Some(schema), Some(body)) => self.problems(schema, body),
            (Some(_), None) => vec!["a body is documented and none was sent".to_owned()],
            (None, Some(_)) => vec!["no body is documented and one was sent".to_owned()],
            (None, None) => Vec::new(),
        }
    }

    fn refusal_problems(&self, exchange: &Exchange) -> Vec<String> {
        let body = exchange.response_json.as_ref().unwrap_or(&Value::Null);
        self.problems(
            &json!({ "$ref": "#/$defs/microsoft.graph.ODataErrors.ODataError" }),
            body,
        )
    }

    fn request_problems(&self, operation: &Operation, exchange: &Exchange) -> Vec<String> {
        let mut problems = options::problems(&operation.parameters, &exchange.target);
        if let (Some(schema), Some(body)) = (&operation.request, &exchange.request_json) {
            let body = operations::with_documented_names(schema, body);
            problems.extend(self.problems(schema, &body));
        }
        problems
    }

    fn problems(&self, schema: &Value, body: &Value) -> Vec<String> {
        let Some(validator) = self.validator(schema) else {
            return vec!["the schema does not compile".to_owned()];
        };
        let problem =
            |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
        validator.iter_errors(body).map(problem).collect()
    }

    fn validator(&self, schema: &Value) -> Option<Arc<Validator>> {
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let compile = || {
            let mut root = schema.clone();
            root["$defs"] = self.definitions.clone();
            jsonschema::draft202012::new(&root).ok().map(Arc::new)
        };
        validators
            .entry(schema.to_string())
            .or_insert_with(compile)
            .clone()
    }
}
