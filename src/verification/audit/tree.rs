//! The tree over the entries (RFC 6962 §2.1): a leaf is the bytes of a line. To add one, and to say the root, its right edge
//! is enough: the hashes of the whole subtrees that it is made of, one for each binary digit of its size that is set.

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Deserializer, Serialize};

/// A hash of the tree (SHA-256).
pub type Hash = [u8; LENGTH];

/// Bytes of a hash.
pub const LENGTH: usize = 32;

/// The hash of the entry whose bytes are `line`.
#[must_use]
pub fn leaf(line: &[u8]) -> Hash {
    digest(&[&[0], line])
}

/// The hash over two subtrees.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    digest(&[&[1], left, right])
}

fn digest(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// The right edge of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Edge {
    size: u64,
    /// Of the largest subtree first.
    hashes: Vec<Hash>,
}

impl Edge {
    /// How many leaves the tree has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds `leaf` at the end.
    pub fn push(&mut self, leaf: Hash) {
        let whole = usize::try_from(self.size.trailing_ones()).unwrap_or_default();
        let lefts = self.hashes.split_off(self.hashes.len().saturating_sub(whole));
        self.hashes.push(lefts.iter().rev().fold(leaf, |right, left| node(left, &right)));
        self.size += 1;
    }

    /// The root: that of no leaves is the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut rest = self.hashes.iter().rev();
        let last = rest.next().copied().unwrap_or_else(|| digest(&[]));
        rest.fold(last, |right, left| node(left, &right))
    }
}

impl<'de> Deserialize<'de> for Edge {
    fn deserialize<D: Deserializer<'de>>(wire: D) -> Result<Self, D::Error> {
        let (size, hashes) = <(u64, Vec<Hash>)>::deserialize(wire)?;
        if u32::try_from(hashes.len()) == Ok(size.count_ones()) {
            Ok(Self { size, hashes })
        } else {
            Err(serde::de::Error::custom("not the edge of a tree of that size"))
        }
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    /// Leaves and roots of the tests of Certificate Transparency (github.com/transparency-dev/merkle, `testonly`), whose
    /// trees are those of RFC 6962.
    const LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    /// Consistency proofs of the same: from the tree of so many leaves to that of so many.
    const PROOFS: [(usize, usize, &[&str]); 4] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];

    fn hex(text: &str) -> Vec<u8> {
        HEXLOWER.decode(text.as_bytes()).unwrap()
    }

    fn edge(size: usize) -> Edge {
        let mut edge = Edge::default();
        LEAVES[..size].iter().for_each(|line| edge.push(leaf(&hex(line))));
        edge
    }

    /// The tree's root as RFC 6962 §2.1 defines it.
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => digest(&[]),
            [leaf] => *leaf,
            leaves => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node(&root(left), &root(right))
            }
        }
    }

    /// A consistency proof as RFC 6962 §2.1.2 defines it.
    fn proof(size: usize, leaves: &[Hash], is_whole: bool) -> Vec<Hash> {
        if size == leaves.len() {
            return if is_whole { vec![] } else { vec![root(leaves)] };
        }
        let half = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(half);
        let (mut proof, rest) = if size <= half {
            (proof(size, left, is_whole), root(right))
        } else {
            (proof(size - half, right, false), root(left))
        };
        proof.push(rest);
        proof
    }

    #[test]
    fn roots_are_the_published_ones() {
        for (size, root) in ROOTS.into_iter().enumerate() {
            assert_eq!(HEXLOWER.encode(&edge(size).root()), root, "{size}");
        }
    }

    #[test]
    fn consistency_proofs_of_these_hashes_are_the_published_ones() {
        let leaves = LEAVES.map(|line| leaf(&hex(line)));
        for (from, to, published) in PROOFS {
            let made: Vec<_> = proof(from, &leaves[..to], true).iter().map(|hash| HEXLOWER.encode(hash)).collect();
            assert_eq!(made, published, "{from} to {to}");
        }
    }

    #[test]
    fn an_edge_has_the_root_that_the_whole_tree_has() {
        let (mut edge, mut leaves) = (Edge::default(), Vec::new());
        for number in 0_u32..300 {
            assert_eq!((edge.root(), edge.size()), (root(&leaves), u64::from(number)));
            assert_eq!(edge.hashes.len(), usize::try_from(number.count_ones()).unwrap());
            leaves.push(leaf(&number.to_be_bytes()));
            edge.push(leaves[leaves.len() - 1]);
        }
    }

    #[test]
    fn an_edge_is_read_as_it_was_written_and_one_of_another_size_is_none() {
        let written = postcard::to_allocvec(&edge(7)).unwrap();
        assert_eq!(postcard::from_bytes::<Edge>(&written), Ok(edge(7)));
        let other = postcard::to_allocvec(&(8_u64, edge(7).hashes)).unwrap();
        assert!(postcard::from_bytes::<Edge>(&other).is_err());
    }
}
