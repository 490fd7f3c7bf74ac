//! The evaluator: model, tuples and a question give yes or no. Pure.

use super::model::{Model, Rewrite};
use super::tuple::{Subject, Tuple, kind_of};
use super::tuple_rules;

/// Steps from one object to the next, as OpenFGA's resolve node limit. Computed relations are not counted: the real
/// engine (1.22) follows more than 25 of them.
const DEPTH: usize = 25;

/// More than 25 steps from object to object were needed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct TooComplex;

/// Whether `question` holds. Tuples that the model does not allow (any more) are not seen.
pub(super) fn check(model: &Model, tuples: &[&Tuple], question: &Tuple) -> Result<bool, TooComplex> {
    let tuples = tuples.iter().copied().filter(|tuple| tuple_rules::allowed(model, tuple).is_ok()).collect();
    let walk = Walk { model, tuples, user: &question.user };
    walk.resolve(&question.object, &question.relation, 0, &mut Vec::new()).map(|answer| answer.holds)
}

/// A no that came from meeting an object and relation again on the same path must not turn into a yes by exclusion.
#[derive(Clone, Copy)]
struct Answer {
    holds: bool,
    cycle: bool,
}

const NO: Answer = Answer { holds: false, cycle: false };
const YES: Answer = Answer { holds: true, cycle: false };

type Resolved = Result<Answer, TooComplex>;

/// Objects and relations that are being resolved, the first question first.
type Path<'a> = Vec<(&'a str, &'a str)>;

struct Walk<'a> {
    model: &'a Model,
    tuples: Vec<&'a Tuple>,
    user: &'a str,
}

impl<'a> Walk<'a> {
    fn resolve(&self, object: &'a str, relation: &'a str, depth: usize, path: &mut Path<'a>) -> Resolved {
        if depth > DEPTH {
            return Err(TooComplex);
        }
        if path.contains(&(object, relation)) {
            return Ok(Answer { holds: false, cycle: true });
        }
        if self.user.split_once('#') == Some((object, relation)) {
            return Ok(YES);
        }
        let Some(found) = self.model.relation(kind_of(object), relation) else { return Ok(NO) };
        path.push((object, relation));
        let answer = self.rewrite(&found.rewrite, (object, relation), depth, path);
        path.pop();
        answer
    }

    fn rewrite(&self, rewrite: &'a Rewrite, place: (&'a str, &'a str), depth: usize, path: &mut Path<'a>) -> Resolved {
        match rewrite {
            Rewrite::This => self.direct(place, depth, path),
            Rewrite::Computed(computed) => self.resolve(place.0, computed, depth, path),
            Rewrite::Union(parts) => any(parts.iter().map(|part| self.rewrite(part, place, depth, path))),
            Rewrite::Intersection(parts) => all(parts.iter().map(|part| self.rewrite(part, place, depth, path))),
            Rewrite::Difference(base, subtract) => {
                let base = self.rewrite(base, place, depth, path);
                if base.is_ok_and(|base| !base.holds) {
                    return base;
                }
                let subtract = self.rewrite(subtract, place, depth, path);
                without(base, subtract)
            }
            Rewrite::From { tupleset, computed } => {
                any(self.of(place.0, tupleset).map(|tuple| self.resolve(&tuple.user, computed, depth + 1, path)))
            }
        }
    }

    fn direct(&self, (object, relation): (&'a str, &'a str), depth: usize, path: &mut Path<'a>) -> Resolved {
        let asked = Subject::read(self.user);
        any(self.of(object, relation).map(|tuple| {
            if tuple.user == self.user {
                return Ok(YES);
            }
            match (Subject::read(&tuple.user), asked) {
                (Some(Subject::Everyone { kind }), Some(Subject::One { kind: own })) if kind == own => Ok(YES),
                (Some(Subject::Userset { object, relation, .. }), _) => self.resolve(object, relation, depth + 1, path),
                _ => Ok(NO),
            }
        }))
    }

    fn of(&self, object: &'a str, relation: &'a str) -> impl Iterator<Item = &'a Tuple> {
        self.tuples.iter().copied().filter(move |tuple| tuple.object == object && tuple.relation == relation)
    }
}

/// One yes is enough, whatever else failed.
fn any(answers: impl Iterator<Item = Resolved>) -> Resolved {
    let mut sum = Ok(NO);
    for answer in answers {
        match answer {
            Ok(answer) if answer.holds => return Ok(YES),
            Ok(answer) => sum = sum.map(|sum| Answer { cycle: sum.cycle || answer.cycle, ..sum }),
            Err(error) => sum = Err(error),
        }
    }
    sum
}

/// One no is enough, whatever else failed.
fn all(answers: impl Iterator<Item = Resolved>) -> Resolved {
    let mut sum = Ok(YES);
    for answer in answers {
        match answer {
            Ok(answer) if !answer.holds => return Ok(answer),
            Ok(_) => {}
            Err(error) => sum = Err(error),
        }
    }
    sum
}

fn without(base: Resolved, subtract: Resolved) -> Resolved {
    match (base, subtract) {
        (_, Ok(subtract)) if subtract.holds || subtract.cycle => Ok(Answer { holds: false, cycle: subtract.cycle }),
        (Err(error), _) | (_, Err(error)) => Err(error),
        (Ok(base), Ok(_)) => Ok(base),
    }
}
