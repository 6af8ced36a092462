"""The movie shelf, looked at as a user would."""

import json
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.common.by import By


def rows(browser: webdriver.Chrome) -> list[Any]:
    return browser.find_elements(By.CSS_SELECTOR, "#shelf li")


def texts(browser: webdriver.Chrome) -> list[str]:
    """Give the shelf's rows in one look, since the page may replace them in between."""
    given: list[str] = browser.execute_script(
        "return [...document.querySelectorAll('#shelf li')].map(row => row.innerText)"
    )
    return given


def network_log(browser: webdriver.Chrome) -> list[dict[str, Any]]:
    """Give what the browser logged of its network since this was asked last."""
    driver: Any = browser  # get_log has no types
    entries: list[dict[str, Any]] = driver.get_log("performance")
    return entries


def requested(browser: webdriver.Chrome) -> set[str]:
    """Give the hosts of all that the page asked the network for."""
    messages = (json.loads(entry["message"])["message"] for entry in network_log(browser))
    urls = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return {urlsplit(url).netloc for url in urls if not url.startswith(("data:", "chrome"))}


def test_titles_stand_in_the_order_of_the_predicted_ratings(
    browser: webdriver.Chrome, movies: str, wait_for: Any
) -> None:
    network_log(browser)
    browser.get(f"{movies}/")
    shelf = wait_for(lambda: rows(browser))
    assert len(shelf) == 100
    ratings = [float(row.get_attribute("data-rating")) for row in shelf]
    assert ratings == sorted(ratings, reverse=True)
    assert all(1 <= rating <= 5 for rating in ratings)
    assert shelf[0].find_element(By.CSS_SELECTOR, "span:nth-child(2)").text
    assert requested(browser) == {urlsplit(movies).netloc}


def test_the_requests_stand_beside(browser: webdriver.Chrome, movies: str, wait_for: Any) -> None:
    browser.get(f"{movies}/")
    assert wait_for(lambda: rows(browser))
    calls = [call.text for call in browser.find_elements(By.CSS_SELECTOR, "#calls article")]
    assert len(calls) == 4
    assert all(call.startswith("GET /movies/prod/predicted-ratings/321?items=") for call in calls)
    assert all("200 after" in call and '"ratings"' in call for call in calls)


def test_another_user_has_another_shelf(browser: webdriver.Chrome, movies: str, wait_for: Any) -> None:
    browser.get(f"{movies}/")
    before = wait_for(lambda: texts(browser))
    user = browser.find_element(By.NAME, "user")
    user.clear()
    user.send_keys("7")
    browser.find_element(By.CSS_SELECTOR, "form button").click()
    assert wait_for(lambda: texts(browser) not in ([], before))
    assert len(texts(browser)) == 100


def test_a_wrong_key_is_said_in_the_api_s_words(browser: webdriver.Chrome, movies: str, wait_for: Any) -> None:
    browser.get(f"{movies}/")
    assert wait_for(lambda: rows(browser))
    key = browser.find_element(By.NAME, "key")
    key.clear()
    key.send_keys("not-a-key-of-this-api")
    browser.find_element(By.CSS_SELECTOR, "form button").click()
    problem = wait_for(lambda: browser.find_element(By.ID, "problem").text)
    assert '403: {"message":"Forbidden"}' in problem
    assert not rows(browser)
