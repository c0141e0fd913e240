//! Circles in an import graph.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::tokens::Module;

pub type Graph = BTreeMap<Module, BTreeSet<Module>>;

/// The graph without imports between a module and what is inside it: a submodule is a part of its parent.
pub fn between_files(graph: Graph) -> Graph {
    let related = |a: &Module, b: &Module| a.starts_with(b) || b.starts_with(a);
    graph
        .into_iter()
        .map(|(from, to)| {
            let to = to.into_iter().filter(|to| !related(&from, to)).collect();
            (from, to)
        })
        .collect()
}

/// Files that reach each other, and the shortest circle among them.
pub struct Circle {
    pub members: usize,
    pub shortest: Vec<Module>,
}

/// One entry for each set of files that hang together in circles.
pub fn circles(graph: &Graph) -> Vec<Circle> {
    let through: BTreeMap<_, _> =
        graph.keys().filter_map(|start| Some((start, shortest_circle(graph, start)?))).collect();
    let mut left: BTreeSet<_> = through.keys().copied().collect();
    let mut found = Vec::new();
    while let Some(first) = left.first().copied() {
        let forward = reachable(graph, first);
        let together =
            |module: &&Module| forward.contains(*module) && reachable(graph, module).contains(first);
        let members: Vec<_> = left.iter().copied().filter(together).collect();
        left.retain(|module| !members.contains(module));
        let shortest = members.iter().map(|module| &through[module]).min_by_key(|circle| circle.len());
        found.extend(shortest.map(|circle| Circle { members: members.len(), shortest: circle.clone() }));
    }
    found
}

fn reachable<'a>(graph: &'a Graph, start: &'a Module) -> BTreeSet<&'a Module> {
    let mut found = BTreeSet::new();
    let mut next = vec![start];
    while let Some(module) = next.pop() {
        next.extend(graph.get(module).into_iter().flatten().filter(|target| found.insert(*target)));
    }
    found
}

fn shortest_circle(graph: &Graph, start: &Module) -> Option<Vec<Module>> {
    let mut before: BTreeMap<&Module, &Module> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(module) = next.pop_front() {
        for target in graph.get(module)? {
            if target == start {
                let mut circle = vec![module.clone()];
                let mut at = module;
                while let Some(previous) = before.get(at).filter(|_| at != start) {
                    circle.push((*previous).clone());
                    at = previous;
                }
                circle.reverse();
                return Some(circle);
            }
            if !before.contains_key(target) {
                before.insert(target, module);
                next.push_back(target);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(path: &str) -> Module {
        path.split("::").map(str::to_owned).collect()
    }

    fn graph(imports: &[(&str, &[&str])]) -> Graph {
        let entry = |(from, to): &(&str, &[&str])| (module(from), to.iter().copied().map(module).collect());
        between_files(imports.iter().map(entry).collect())
    }

    #[test]
    fn names_the_shortest_circle_of_files() {
        let imports: [(&str, &[&str]); 4] =
            [("a", &["b", "c"]), ("b", &["c"]), ("c", &["a", "d"]), ("d", &[])];
        let found = circles(&graph(&imports));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].members, &found[0].shortest), (3, &vec![module("a"), module("c")]));
    }

    #[test]
    fn a_module_and_its_submodules_are_no_circle() {
        let imports: [(&str, &[&str]); 2] = [("a", &["a::b"]), ("a::b", &["a"])];
        assert!(circles(&graph(&imports)).is_empty());
    }

    #[test]
    fn two_submodules_of_a_module_can_be_a_circle() {
        let imports: [(&str, &[&str]); 2] = [("a::b", &["a::c"]), ("a::c", &["a::b"])];
        assert_eq!(circles(&graph(&imports)).len(), 1);
    }
}
