//! Many at once.

use std::sync::Arc;
use std::time::Duration;

use idv::picture::{Fault, Pool, Refused};
use tokio::time::timeout;

use crate::support::photo::photo;

#[test]
fn photos_of_many_are_developed_beside_each_other() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let pool = Pool::start(4).unwrap();
    let file = Arc::<[u8]>::from(photo(640, 600, |_| {}));
    runtime.block_on(async {
        let (one, other) = tokio::join!(pool.develop(Arc::clone(&file)), pool.develop(Arc::clone(&file)));
        assert_eq!(one.unwrap().digest, other.unwrap().digest);
        let refused = timeout(Duration::from_secs(60), pool.develop(b"GIF89a")).await.unwrap();
        assert!(matches!(refused, Err(Fault::Refused(Refused::NotJpeg(_)))));
    });
    assert_eq!(Arc::strong_count(&file), 1, "no upload is held any longer");
}
