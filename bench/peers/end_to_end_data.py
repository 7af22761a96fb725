"""The logs of the end-to-end benchmark, read with pandas and encoded with scikit-learn, as one would by hand.

What `read_log` gives: `ids` [rows, 2] member and item, `member` and `item` [rows, columns] categories, `tags` [rows, values] shares
of a multi-valued feature, `numbers` [rows, columns], `label`, `split` (0 train, 1 validation, 2 test); rows by member, then time. All
encoders are fitted on training rows; category 0 is what those do not have. `sizes` are categories by matrix.
"""
import os
from types import SimpleNamespace

import numpy as np
import pandas as pd
from sklearn.preprocessing import KBinsDiscretizer, MultiLabelBinarizer, OrdinalEncoder, StandardScaler


def _movielens(folder):
    def read(name, columns):
        path = os.path.join(folder, "ml-1m-half", name)
        return pd.read_csv(path, sep="::", engine="python", header=None, names=columns, encoding="latin-1")

    log = read("ratings.dat", ["member", "item", "rating", "time"])
    users = read("users.dat", ["member", "gender", "age", "occupation", "zip_code"])
    movies = read("movies.dat", ["item", "title", "genres"])
    users["zip"] = users["zip_code"].astype(str).str[0]
    movies["year"] = movies["title"].str.extract(r"\((\d{4})\)\s*$").astype(float)
    log["label"] = (log["rating"] >= 4).astype(np.float32)
    log = log.merge(users, on="member", how="left").merge(movies, on="item", how="left")
    log = log.sort_values(["member", "time"], kind="stable").reset_index(drop=True)
    place = log.groupby("member").cumcount() + 1
    share = place / log.groupby("member")["item"].transform("size")
    log["split"] = np.select([share <= 0.7, share <= 0.8], [0, 1], 2)
    return log, ["age", "gender", "occupation", "zip"], [], ("genres", "|"), [], ["year"]


_ONE_HOT = [f"onehot_feat{i}" for i in range(18)]
_MEMBER = ["user_active_degree", "is_lowactive_period", "is_live_streamer", "is_video_author", "follow_user_num_range",
           "fans_user_num_range", "friend_user_num_range", "register_days_range", *_ONE_HOT]


def _kuairand(folder):
    def read(name):
        return pd.read_csv(os.path.join(folder, "kuairand-pure", name))

    log = read("log_standard_4_25_to_5_08_pure.csv").rename(
        columns={"user_id": "member", "video_id": "item", "time_ms": "time", "is_click": "label"})
    log = log.drop_duplicates(["member", "item", "time"])
    log = log.merge(read("user_features_pure.csv").rename(columns={"user_id": "member"}), on="member", how="left")
    log = log.merge(read("video_features_basic_pure.csv").rename(columns={"video_id": "item"}), on="item", how="left")
    log = log.sort_values(["member", "time"], kind="stable").reset_index(drop=True)
    log["label"] = log["label"].astype(np.float32)
    china = pd.to_datetime(log["time"], unit="ms") + pd.Timedelta(hours=8)
    log["hour"] = china.dt.hour
    log["split"] = np.select([china < "2022-05-05", china < "2022-05-06"], [0, 1], 2)
    seen = log.groupby("member").cumcount()
    clicked = log.groupby("member")["label"].cumsum() - log["label"]
    mean = log.loc[log["split"] == 0, "label"].mean()
    log["past_events"] = np.log1p(seen)
    log["past_rate"] = (clicked + 10 * mean) / (seen + 10)
    log["upload_age"] = np.log1p((china - pd.to_datetime(log["upload_dt"])).dt.total_seconds().clip(lower=0))
    item = ["tab", "hour", "author_id", "video_type", "upload_type", "music_type"]
    return log, _MEMBER, item, ("tag", ","), ["past_events", "past_rate", "upload_age"], ["video_duration"]


def _categories(log, columns, train):
    text = log[columns].astype(str).fillna("")
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit(text[train])
    return encoder.transform(text).astype(np.int64) + 1, [1 + len(values) for values in encoder.categories_]


def read_log(name, folder):
    log, member, item, (multi, separator), numeric, bucketed = {"movielens": _movielens, "kuairand": _kuairand}[name](folder)
    train = (log["split"] == 0).to_numpy()
    buckets = []
    for column in bucketed:
        values = log[[column]].fillna(log.loc[train, column].median())
        bins = KBinsDiscretizer(10, encode="ordinal", strategy="quantile", quantile_method="averaged_inverted_cdf")
        log[f"{column}_bucket"] = bins.fit(values[train]).transform(values).astype(int)
        buckets.append(f"{column}_bucket")
    ids, id_sizes = _categories(log, ["member", "item"], train)
    of_member, member_sizes = _categories(log, member, train)
    of_item, item_sizes = _categories(log, [*item, *buckets], train)
    lists = log[multi].fillna("").astype(str).str.split(separator)
    tags = MultiLabelBinarizer().fit_transform(lists).astype(np.float32)
    tags /= np.maximum(1, tags.sum(1, keepdims=True))
    numbers = np.zeros((len(log), 0), np.float32)
    if numeric:
        values = log[numeric].fillna(0)
        numbers = StandardScaler().fit(values[train]).transform(values).astype(np.float32)
    return SimpleNamespace(
        ids=ids, member=of_member, item=of_item, tags=tags, numbers=numbers, label=log["label"].to_numpy(),
        split=log["split"].to_numpy(), owner=pd.factorize(log["member"])[0],
        sizes=SimpleNamespace(ids=id_sizes, member=member_sizes, item=item_sizes))
