# Two commands: `make run` and `make test`. Both need Python 3.11 to 3.13 and make, nothing else, as any user.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test simulate chaos planted bench reset install web lint
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
RUN := .venv/bin/python

help: ## 说明 · this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

run: web ## 启动技市,http://127.0.0.1:8000(PORT=…)· start everything
	@exec $(RUN) -m app up --end-with-parent --port $${PORT:-8000}

test: web ## 运行全部检查 · run every check, with servers of its own
	@exec $(RUN) -m tests

simulate: install ## 模拟一万场竞价(SEED=…)· 10,000 seeded auction days on the rules alone
	@$(RUN) -m tests.simulation

chaos: install ## 真实进程上的故障试验(SEED=… SEEDS=… SECONDS=…)· faults on real processes, histories checked
	@$(RUN) -m tests.chaos

planted: install ## 埋设的错误,每一处都须被测试发现· planted faults, each of which the tests must catch
	@$(RUN) -m tests.planted

bench: install ## 性能对比(ARGS=…)· the table of performance goals, measured here
	@UV_PROJECT_ENVIRONMENT=.venv UV_NO_PROGRESS=1 .venv/bin/uv sync --frozen --quiet --group bench
	@$(RUN) -m benchmarks $(ARGS)

reset: install ## 清空演示数据 · empty the data of `make run`
	@$(RUN) -m app reset

install: ## 安装锁定的依赖 · install exactly what is locked
	@scripts/install.sh $(UV_VERSION)

web: install ## 构建网页 · build the pages
	@scripts/web.sh

lint: install ## 静态检查 · static checks only
	@$(RUN) -m tests --only static
