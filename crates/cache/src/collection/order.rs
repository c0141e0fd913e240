//! A sorted map that knows the rank of each key: a treap with subtree sizes.
//!
//! Insertion, removal and lookup by key or rank cost O(log n) comparisons. The standard library's `BTreeMap` cannot
//! say at which rank a key stands, which is what a delta of a list consists of.

use std::cmp::Ordering;

type Link<K, V> = Option<Box<Node<K, V>>>;

/// Values by key, with the rank of each.
#[derive(Clone, Debug)]
pub struct RankedMap<K, V> {
    root: Link<K, V>,
    /// State of the generator of priorities. A fixed seed: a schedule of the simulator replays exactly.
    seed: u32,
}

#[derive(Clone, Debug)]
struct Node<K, V> {
    key: K,
    value: V,
    /// Not below those of its children.
    priority: u32,
    size: usize,
    left: Link<K, V>,
    right: Link<K, V>,
}

impl<K, V> Default for RankedMap<K, V> {
    fn default() -> Self {
        Self { root: None, seed: 0x9e37_79b9 }
    }
}

impl<K: Ord, V> RankedMap<K, V> {
    pub fn len(&self) -> usize {
        size(&self.root)
    }

    /// Inserts a value under a key that is not in the map, and returns its rank.
    pub fn insert(&mut self, key: K, value: V) -> usize {
        // Xorshift: enough to keep the tree shallow, whatever the order of the keys.
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 17;
        self.seed ^= self.seed << 5;
        let (before, after) = split(self.root.take(), &key);
        let rank = size(&before);
        let node = Node { key, value, priority: self.seed, size: 1, left: None, right: None };
        self.root = merge(merge(before, Some(Box::new(node))), after);
        rank
    }

    /// Removes a key, and returns its former rank and its value.
    pub fn remove(&mut self, key: &K) -> Option<(usize, V)> {
        remove(&mut self.root, key)
    }

    /// The rank of a key and its value.
    pub fn get_mut(&mut self, key: &K) -> Option<(usize, &mut V)> {
        let (mut link, mut rank) = (&mut self.root, 0);
        while let Some(node) = link {
            match key.cmp(&node.key) {
                Ordering::Less => link = &mut node.left,
                Ordering::Equal => return Some((rank + size(&node.left), &mut node.value)),
                Ordering::Greater => {
                    rank += size(&node.left) + 1;
                    link = &mut node.right;
                }
            }
        }
        None
    }

    /// The key and value at a rank.
    pub fn at(&self, mut rank: usize) -> Option<(&K, &V)> {
        let mut link = &self.root;
        while let Some(node) = link {
            let left = size(&node.left);
            match rank.cmp(&left) {
                Ordering::Less => link = &node.left,
                Ordering::Equal => return Some((&node.key, &node.value)),
                Ordering::Greater => {
                    rank -= left + 1;
                    link = &node.right;
                }
            }
        }
        None
    }

    /// How many keys, from the first, are of the beginning that `is_within` tells.
    pub fn count_while(&self, is_within: impl Fn(&K) -> bool) -> usize {
        let (mut link, mut count) = (&self.root, 0);
        while let Some(node) = link {
            if is_within(&node.key) {
                count += size(&node.left) + 1;
                link = &node.right;
            } else {
                link = &node.left;
            }
        }
        count
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> Values<'_, K, V> {
        let mut values = Values { path: Vec::new() };
        values.descend(&self.root);
        values
    }
}

/// See [`RankedMap::values`].
pub struct Values<'a, K, V> {
    /// The nodes whose value is still to come, and with each its right subtree.
    path: Vec<&'a Node<K, V>>,
}

impl<'a, K, V> Values<'a, K, V> {
    fn descend(&mut self, mut link: &'a Link<K, V>) {
        while let Some(node) = link {
            self.path.push(node);
            link = &node.left;
        }
    }
}

impl<'a, K, V> Iterator for Values<'a, K, V> {
    type Item = &'a V;

    fn next(&mut self) -> Option<&'a V> {
        let node = self.path.pop()?;
        self.descend(&node.right);
        Some(&node.value)
    }
}

fn size<K, V>(link: &Link<K, V>) -> usize {
    link.as_ref().map_or(0, |node| node.size)
}

impl<K, V> Node<K, V> {
    /// Brings the size up to date after a child was replaced.
    fn count(&mut self) {
        self.size = size(&self.left) + 1 + size(&self.right);
    }
}

/// Splits into the keys below `key` and the others.
fn split<K: Ord, V>(link: Link<K, V>, key: &K) -> (Link<K, V>, Link<K, V>) {
    let Some(mut node) = link else { return (None, None) };
    if node.key < *key {
        let (before, after) = split(node.right.take(), key);
        node.right = before;
        node.count();
        (Some(node), after)
    } else {
        let (before, after) = split(node.left.take(), key);
        node.left = after;
        node.count();
        (before, Some(node))
    }
}

/// Joins two trees, where each key of the first is below each of the second.
fn merge<K, V>(before: Link<K, V>, after: Link<K, V>) -> Link<K, V> {
    match (before, after) {
        (None, only) | (only, None) => only,
        (Some(mut before), Some(mut after)) => {
            if before.priority > after.priority {
                before.right = merge(before.right.take(), Some(after));
                before.count();
                Some(before)
            } else {
                after.left = merge(Some(before), after.left.take());
                after.count();
                Some(after)
            }
        }
    }
}

fn remove<K: Ord, V>(link: &mut Link<K, V>, key: &K) -> Option<(usize, V)> {
    let node = link.as_mut()?;
    let left = size(&node.left);
    let removed = match key.cmp(&node.key) {
        Ordering::Less => remove(&mut node.left, key)?,
        Ordering::Greater => {
            let (rank, value) = remove(&mut node.right, key)?;
            (left + 1 + rank, value)
        }
        Ordering::Equal => {
            let node = *link.take()?;
            *link = merge(node.left, node.right);
            return Some((left, node.value));
        }
    };
    node.size -= 1;
    Some(removed)
}

#[cfg(test)]
mod tests;
