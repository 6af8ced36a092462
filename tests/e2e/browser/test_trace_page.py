"""The trace's page: the four stages with the values of a request, and a template edited and tried."""

from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

KEY = "x-api-key: demo-key-for-the-movies-api"


def text_of(browser: webdriver.Chrome, name: str) -> str:
    return browser.find_element(By.ID, name).text


def send(browser: webdriver.Chrome, movies: str, wait_for: Any) -> None:
    browser.get(f"{movies}/_inferway/trace")
    wait_for(lambda: Select(browser.find_element(By.ID, "routes")).options)
    wait_for(lambda: browser.find_element(By.NAME, "path").get_attribute("value") != "/")
    headers = browser.find_element(By.NAME, "headers")
    headers.clear()
    headers.send_keys(KEY)
    browser.find_element(By.CSS_SELECTOR, "form button").click()
    assert wait_for(lambda: text_of(browser, "method-response"))


def test_the_four_stages_hold_the_values_of_the_request(browser: webdriver.Chrome, movies: str, wait_for: Any) -> None:
    send(browser, movies, wait_for)
    assert "GET /movies/prod/predicted-ratings/321?items=101,131,162" in text_of(browser, "method-request")
    assert '"in0"' in text_of(browser, "integration-request")
    assert "movie-ratings" in text_of(browser, "model")
    assert '"predictions"' in text_of(browser, "integration-response")
    assert '"ratings"' in text_of(browser, "method-response")
    names = [step.text for step in browser.find_elements(By.CSS_SELECTOR, "#steps summary b")]
    assert names == sorted(names, key=["RequireApiKey", "LimitByUsagePlan", "LimitByStage", "DecodeBody",
                                       "ValidateParameters", "MapRequest", "Invoke", "MapResponse"].index)  # fmt: skip


def test_a_template_is_edited_and_sent_again(browser: webdriver.Chrome, movies: str, wait_for: Any) -> None:
    send(browser, movies, wait_for)
    step = next(
        item
        for item in browser.find_elements(By.CSS_SELECTOR, "#steps > li")
        if item.find_element(By.CSS_SELECTOR, "summary b").text == "MapResponse"
    )
    step.find_element(By.TAG_NAME, "summary").click()
    area = next(
        area for area in step.find_elements(By.TAG_NAME, "textarea") if "ratings" in str(area.get_attribute("value"))
    )
    area.clear()
    area.send_keys('{"count": $input.path("$.predictions").size()}')
    area.find_element(By.XPATH, "following-sibling::button").click()
    assert wait_for(lambda: '"count": 3' in text_of(browser, "method-response"))


def test_a_broken_edit_says_where(browser: webdriver.Chrome, movies: str, wait_for: Any) -> None:
    send(browser, movies, wait_for)
    step = next(
        item
        for item in browser.find_elements(By.CSS_SELECTOR, "#steps > li")
        if item.find_element(By.CSS_SELECTOR, "summary b").text == "MapRequest"
    )
    step.find_element(By.TAG_NAME, "summary").click()
    area = step.find_element(By.TAG_NAME, "textarea")
    area.clear()
    area.send_keys("#if( $x ")
    area.find_element(By.XPATH, "following-sibling::button").click()
    assert wait_for(lambda: text_of(browser, "problem") or "500" in text_of(browser, "method-response"))
