//! Jobs that wait for a thread. Flows take turns: the next job is the oldest one of the flow that has waited
//! longest for its turn, so somebody with a thousand jobs delays somebody with one by a single job.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use latido_domain::store::{Flow, StoreError};

/// How much may wait and run.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Jobs that wait.
    pub waiting: usize,
    /// Those of one flow among them.
    pub waiting_of_flow: usize,
    /// Jobs of one flow that run at once.
    pub running_of_flow: usize,
}

pub struct FairQueue<T> {
    bounds: Bounds,
    state: Mutex<QueueState<T>>,
    changed: Condvar,
}

struct QueueState<T> {
    flows: HashMap<Flow, FlowQueue<T>>,
    /// The flows that have a job waiting and may run one more, each once, in the order of their turns.
    ready: VecDeque<Flow>,
    waiting: usize,
    closed: bool,
}

struct FlowQueue<T> {
    jobs: VecDeque<T>,
    running: usize,
}

/// A job whose turn it is. Its flow may run another when this is dropped.
pub struct DequeuedJob<'t, T> {
    fair_queue: &'t FairQueue<T>,
    flow: Flow,
    job: Option<T>,
}

impl<T> FairQueue<T> {
    pub fn new(bounds: Bounds) -> Self {
        let state = QueueState { flows: HashMap::new(), ready: VecDeque::new(), waiting: 0, closed: false };
        Self { bounds, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Lets a job wait. Refused when too many wait already, of all or of this flow.
    pub fn push(&self, flow: Flow, job: T) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.closed {
            return Err(StoreError::Unavailable);
        }
        let of_flow = state.flows.get(&flow).map_or(0, |waiting| waiting.jobs.len());
        if state.waiting >= self.bounds.waiting || of_flow >= self.bounds.waiting_of_flow {
            return Err(StoreError::Overloaded);
        }
        state.waiting += 1;
        let waiting = state
            .flows
            .entry(flow.clone())
            .or_insert_with(|| FlowQueue { jobs: VecDeque::new(), running: 0 });
        waiting.jobs.push_back(job);
        if waiting.jobs.len() == 1 && waiting.running < self.bounds.running_of_flow {
            state.ready.push_back(flow);
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Waits for the next job. `None` when no more will come.
    pub fn next(&self) -> Option<DequeuedJob<'_, T>> {
        let mut state = self.state();
        loop {
            if let Some(job) = self.dequeue(&mut state) {
                if !state.ready.is_empty() {
                    // One push wakes one thread, which may have taken a job that waited longer.
                    self.changed.notify_one();
                }
                return Some(job);
            }
            if state.closed && state.waiting == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next job, if one may run now.
    pub fn try_next(&self) -> Option<DequeuedJob<'_, T>> {
        self.dequeue(&mut self.state())
    }

    /// Takes no more jobs; those that wait still run.
    pub fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    fn dequeue(&self, state: &mut QueueState<T>) -> Option<DequeuedJob<'_, T>> {
        let flow = state.ready.pop_front()?;
        let waiting = state.flows.get_mut(&flow)?;
        let job = waiting.jobs.pop_front()?;
        waiting.running += 1;
        state.waiting -= 1;
        if !waiting.jobs.is_empty() && waiting.running < self.bounds.running_of_flow {
            state.ready.push_back(flow.clone());
        }
        Some(DequeuedJob { fair_queue: self, flow, job: Some(job) })
    }

    fn done(&self, flow: &Flow) {
        let mut state = self.state();
        let QueueState { flows, ready, .. } = &mut *state;
        let Some(waiting) = flows.get_mut(flow) else { return };
        // It was held back by what it had running, and is not any more.
        if !waiting.jobs.is_empty() && waiting.running == self.bounds.running_of_flow {
            ready.push_back(flow.clone());
        }
        waiting.running -= 1;
        if waiting.running == 0 && waiting.jobs.is_empty() {
            flows.remove(flow);
        }
        // Also those that wait to hear that the last job is done.
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, QueueState<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> DequeuedJob<'_, T> {
    /// The job. It is there once.
    pub fn take_job(&mut self) -> Option<T> {
        self.job.take()
    }
}

impl<T> Drop for DequeuedJob<'_, T> {
    fn drop(&mut self) {
        self.fair_queue.done(&self.flow);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONE_AT_A_TIME: Bounds = Bounds { waiting: 100, waiting_of_flow: 50, running_of_flow: 1 };

    fn flow(name: u8) -> Flow {
        Flow::of("user", name)
    }

    fn order(fair_queue: &FairQueue<(u8, usize)>) -> Vec<(u8, usize)> {
        std::iter::from_fn(|| fair_queue.try_next().and_then(|mut job| job.take_job())).collect()
    }

    #[test]
    fn one_job_waits_for_one_of_somebody_with_many() {
        let fair_queue = FairQueue::new(ONE_AT_A_TIME);
        for number in 0..50 {
            fair_queue.push(flow(1), (1, number)).unwrap();
        }
        fair_queue.push(flow(2), (2, 0)).unwrap();
        assert_eq!(order(&fair_queue)[..3], [(1, 0), (2, 0), (1, 1)]);
    }

    #[test]
    fn what_does_not_fit_is_refused_by_flow_and_in_all() {
        let fair_queue = FairQueue::new(Bounds { waiting: 70, ..ONE_AT_A_TIME });
        let taken =
            |name, count| (0..count).filter(|n| fair_queue.push(flow(name), (name, *n)).is_ok()).count();
        assert_eq!((taken(1, 100), taken(2, 100), taken(3, 100)), (50, 20, 0));
    }

    #[test]
    fn a_flow_runs_so_many_at_once_and_leaves_the_others_theirs() {
        let fair_queue = FairQueue::new(Bounds { running_of_flow: 2, ..ONE_AT_A_TIME });
        for (name, number) in [(1, 0), (1, 1), (1, 2), (2, 0)] {
            fair_queue.push(flow(name), (name, number)).unwrap();
        }
        let mut running: Vec<_> = std::iter::from_fn(|| fair_queue.try_next()).collect();
        let jobs: Vec<_> = running.iter_mut().filter_map(DequeuedJob::take_job).collect();
        assert_eq!(jobs, [(1, 0), (2, 0), (1, 1)]);
        running.remove(0);
        assert_eq!(order(&fair_queue), [(1, 2)]);
    }

    #[test]
    fn what_waits_still_runs_after_the_close() {
        let fair_queue = FairQueue::new(ONE_AT_A_TIME);
        fair_queue.push(flow(1), (1, 0)).unwrap();
        fair_queue.close();
        assert!(matches!(fair_queue.push(flow(1), (1, 1)), Err(StoreError::Unavailable)));
        assert_eq!(fair_queue.next().and_then(|mut job| job.take_job()), Some((1, 0)));
        assert!(fair_queue.next().is_none());
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Push(u8),
        Begin,
        End(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![(0_u8..5).prop_map(Step::Push), Just(Step::Begin), (0_usize..8).prop_map(Step::End)]
    }

    #[test]
    fn several_jobs_of_a_flow_wake_several_threads() {
        let fair_queue = FairQueue::new(Bounds { running_of_flow: 2, ..ONE_AT_A_TIME });
        let (started, starts) = std::sync::mpsc::channel();
        let both_run = std::sync::Barrier::new(2);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                let (fair_queue, both_run, started) = (&fair_queue, &both_run, started.clone());
                scope.spawn(move || {
                    started.send(()).unwrap();
                    let job = fair_queue.next();
                    both_run.wait();
                    drop(job);
                });
            }
            starts.recv().unwrap();
            starts.recv().unwrap();
            // Usually both threads wait by then; the test holds either way.
            std::thread::sleep(std::time::Duration::from_millis(20));
            for number in 0..2 {
                fair_queue.push(flow(1), (1, number)).unwrap();
            }
        });
    }

    proptest! {
        #[test]
        fn every_job_runs_once_in_its_flows_order_within_the_bounds(
            steps in prop::collection::vec(step(), 1..200),
            most in 1_usize..4,
        ) {
            let fair_queue = FairQueue::new(Bounds { waiting: 1000, waiting_of_flow: 1000, running_of_flow: most });
            let (mut pushed, mut running, mut ran) = ([0; 5], Vec::new(), [0; 5]);
            let begin = |running: &mut Vec<_>, ran: &mut [usize; 5]| {
                let Some(mut job) = fair_queue.try_next() else { return Ok(false) };
                let (name, number) = job.take_job().unwrap();
                prop_assert_eq!(number, ran[usize::from(name)]);
                ran[usize::from(name)] += 1;
                running.push((name, job));
                let at_once = running.iter().filter(|(other, _)| *other == name).count();
                prop_assert!(at_once <= most);
                Ok(true)
            };
            for step in steps {
                match step {
                    Step::Push(name) => {
                        let number = &mut pushed[usize::from(name)];
                        fair_queue.push(flow(name), (name, *number)).unwrap();
                        *number += 1;
                    }
                    Step::Begin => { begin(&mut running, &mut ran)?; }
                    Step::End(index) if index < running.len() => drop(running.remove(index)),
                    Step::End(_) => {}
                }
            }
            while begin(&mut running, &mut ran)? || !running.is_empty() {
                running.clear();
            }
            prop_assert_eq!(pushed, ran);
            prop_assert!(fair_queue.state().flows.is_empty(), "nothing is kept of flows that are done");
        }
    }
}
